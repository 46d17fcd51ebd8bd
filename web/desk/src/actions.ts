/** What the desk does: each is one or two requests, and what the screen knows afterwards. */

import { ask, newKey, orNull, Refusal, type Grounds } from "./api";
import { read, readings, type Asked, type Kind } from "./asked";
import { contactingOf, isOver } from "./contacting";
import { NOBODY, change, desk, grounds, type Found, type Message, type Panel } from "./state";
import { setLanguage } from "./taste";
import type { Ballot, Candidate, Evidence, Recognised, Recognition, Session, View } from "./types";
import { named, words } from "./words";

const FINDING: Grounds = { reason: "identification" };
const SETTLING_MS = [300, 1200]; // lists follow what was written within some tens of milliseconds
const MESSAGE_MS = 8_000;
const DECIDING = ["owner", "manager"]; // roles that may decide on offers to those whom they own
const BALLOTS_EVERY_MS = 120_000; // a new offer changes nothing of a look
const CALL_ID = /^[A-Za-z0-9._:-]{1,100}$/;
const CUSTOMER_ID = /^[A-Za-z0-9_-]{1,64}$/;

let ballotsAsked = 0; // when, in ms
let said: ReturnType<typeof setTimeout> | undefined;

/** Say something that goes away by itself. */
export function say(tone: Message["tone"], text: string): void {
  clearTimeout(said);
  change({ message: { tone, text } });
  said = setTimeout(() => change({ message: null }), MESSAGE_MS);
}

/** A refusal in words that somebody at the desk can act on. */
export function told(failure: unknown): string {
  if (!(failure instanceof Refusal)) throw failure;
  const known = words().problems;
  const first = known[failure.status === 410 ? "gone" : failure.kind] ?? known["unknown"] ?? "";
  const flaws = failure.flaws.map((flaw) => flaw.message).join("; ");
  if (failure.kind === "internal-error" || failure.kind === "unknown")
    return `${first} ${failure.correlation ?? failure.status}`;
  const isPlain = ["unreachable", "unauthorized", "not-verified", "unavailable", "timeout"].includes(failure.kind);
  return isPlain ? first : `${first} (${flaws || failure.detail})`;
}

export async function findWhoIsMeant(): Promise<void> {
  const ways = readings(desk.typed);
  const kind = desk.kind ?? ways[0];
  if (!kind || desk.busy) return;
  if (desk.mode === "reason" && !desk.reason) {
    change({ trouble: { kind: "reason", detail: words().reasonNeeded, correlation: null } });
    return;
  }
  const asked = read(desk.typed, kind);
  const other = desk.kind === null && kind === "order_id" && ways[1] === "serial" ? read(desk.typed, "serial") : null;
  if (desk.customer) letGo();
  change({ busy: true, trouble: null, found: null });
  try {
    await (desk.mode === "call" ? findInCall(asked, other) : findForReason(asked, other));
  } catch (failure) {
    fail(failure);
  } finally {
    change({ busy: false });
  }
}

async function findInCall(asked: Asked, other: Asked | null): Promise<void> {
  if (asked.kind === "customer_id") {
    change({
      trouble: { kind: "call", detail: words().problems["no-customer-in-call"] ?? "", correlation: null },
    });
    return;
  }
  const known = { ...desk.known, ...saidAs(asked) };
  if (asked.kind === "name" && !known["district"] && Object.keys(known).length === 1) {
    change({ known });
    await search(asked.value, FINDING);
    return;
  }
  change({ typed: "", kind: null });
  if (await recognise(known, other !== null)) return;
  const { order_id: _, ...rest } = known;
  change({ known: rest });
  await findInCall(other!, null);
}

/** Ask who is meant by all that was said; false where nobody is and there is another way to read it. */
async function recognise(known: Record<string, string>, hasOther = false): Promise<boolean> {
  change({ known });
  const recognition = (await ask<Recognition>("/v1/customers/recognition", { body: known })).body;
  if (recognition.outcome === "unknown" && hasOther) return false;
  const [first] = recognition.persons;
  if (recognition.outcome === "recognised" && first) {
    await openSession(first.customer_id, first.evidence);
  } else if (recognition.outcome === "candidates") {
    change({ found: { kind: "recognised", persons: recognition.persons, more: recognition.more } });
  } else {
    change({ found: { kind: "nobody" } });
  }
  const asked = recognition.unanswered.map((one) => named(words().kinds, one));
  if (asked.length) say("wait", words().unanswered(asked.join(", ")));
  return true;
}

/** Look for a caller by what they have and about when they bought it, with all else that they said. */
export async function findByPurchase(product: string, bought: string): Promise<void> {
  if (desk.busy) return;
  change({ busy: true, trouble: null, found: null });
  try {
    await recognise({ ...desk.known, product, bought });
  } catch (failure) {
    fail(failure);
  } finally {
    change({ busy: false });
  }
}

async function findForReason(asked: Asked, other: Asked | null): Promise<void> {
  const why: Grounds = { reason: desk.reason };
  if (asked.kind === "customer_id") return show(asked.value);
  change({ known: saidAs(asked) });
  if (asked.kind === "name") return search([asked.value, asked.district].filter(Boolean).join(" "), why);
  if (asked.kind === "tax_id") {
    const body = { tax_id: asked.value.replace(/\D/g, "") };
    const found = await ask<{ customers: { customer_id: string; person_id: string; name: string | null }[] }>(
      "/v1/customers/lookup",
      { body, grounds: why },
    );
    const persons = new Map(found.body.customers.map((one) => [one.person_id, one]));
    return offer([...persons.values()].map((one) => ({ ...one, display_name: one.name, district: null })));
  }
  try {
    const body = { [asked.kind]: asked.value };
    const answer = await ask<View | { candidates: Candidate[] }>("/v1/view/lookup", { body, grounds: why });
    if ("candidates" in answer.body) return offer(answer.body.candidates);
    change({ customer: answer.body.customer_id });
    await seen(answer.body, null);
  } catch (failure) {
    if (!(failure instanceof Refusal) || failure.status !== 404) throw failure;
    if (other) return findForReason(other, null);
    change({ found: { kind: "nobody" } });
  }
}

async function search(text: string, why: Grounds): Promise<void> {
  const found = await ask<{ customers: Candidate[]; more: boolean; advice: string | null }>(
    "/v1/customers/search",
    { body: { text }, grounds: why },
  );
  await offer(found.body.customers, found.body.more, found.body.advice);
}

async function offer(candidates: Candidate[], more = false, advice: string | null = null): Promise<void> {
  const [only] = candidates;
  if (!only) return change({ found: { kind: "nobody" } });
  if (candidates.length === 1 && !more && desk.mode === "reason") return show(only.customer_id);
  change({ found: { kind: "candidates", candidates, more, advice } });
}

/** What was typed, as recognition takes it. */
function saidAs(asked: Asked): Record<string, string> {
  const value = asked.kind === "tax_id" ? asked.value.replace(/\D/g, "") : asked.value;
  return { [asked.kind]: value, ...(asked.district ? { district: asked.district } : {}) };
}

/** Take back one of the things that the caller said. */
export function unsay(name: string): void {
  const { [name]: _, ...rest } = desk.known;
  if (name === "product") delete rest["bought"]; // neither says anything without the other
  if (name === "bought") delete rest["product"];
  change({ known: rest, found: null });
}

/** Go on with one of those who may be meant. */
export async function choose(place: number): Promise<void> {
  const found: Found | null = desk.found;
  if (!found || found.kind === "nobody" || desk.busy) return;
  const recognised: Recognised | undefined = found.kind === "recognised" ? found.persons[place] : undefined;
  const candidate = found.kind === "candidates" ? found.candidates[place] : undefined;
  change({ busy: true });
  try {
    if (recognised) await openSession(recognised.customer_id, recognised.evidence);
    else if (candidate && desk.mode === "call") await openSession(candidate.customer_id, ["name"]);
    else if (candidate) await show(candidate.customer_id);
  } catch (failure) {
    fail(failure);
  } finally {
    change({ busy: false });
  }
}

async function openSession(customer: string, by: Evidence[]): Promise<void> {
  const path = `/v1/customers/${customer}/sessions`;
  const body = { channel: "call", recognised_by: by, ...(desk.callId ? { call_id: desk.callId } : {}) };
  const session = (await ask<Session>(path, { body, key: newKey() })).body;
  change({ session, customer, found: null, panel: "verify" });
}

/** Somebody new is in the books: go on with them. */
export async function taken(customer: string, said: Evidence[]): Promise<void> {
  letGo();
  if (desk.mode === "reason") return show(customer);
  await openSession(customer, said);
  change({ panel: "note" });
}

/** The session has come further: what it opens is fetched at once. */
export async function verified(session: Session): Promise<void> {
  change({ session });
  if (session.state !== "verified") return;
  change({ panel: null });
  say("good", words().isVerified);
  await refresh();
}

async function show(customer: string): Promise<void> {
  change({ customer, found: null });
  await fetchView();
}

/** Look again. What cannot be asked leaves what is shown, and says so. */
export async function refresh(): Promise<void> {
  if (!desk.customer || !grounds()) return;
  try {
    await fetchView();
  } catch (failure) {
    if (failure instanceof Refusal && failure.isPassing && desk.view) {
      change({ stale: true });
      return;
    }
    change(NOBODY); // what may not be told any more does not stay on the screen
    fail(failure);
  }
}

/** Look again after something was written, until the lists have followed. */
export async function settle(): Promise<void> {
  for (const wait of SETTLING_MS) {
    await new Promise((done) => setTimeout(done, wait));
    await refresh();
  }
}

async function fetchView(): Promise<void> {
  const customer = desk.customer;
  const why = grounds();
  const answer = await ask<View>(`/v1/view/customers/${customer}`, { grounds: why, tag: desk.tag });
  if (customer !== desk.customer) return; // somebody else is on the screen by now
  if (answer.status !== 304) return seen(answer.body, answer.tag);
  change({ seen: Date.now(), stale: false });
  if (desk.view && isOver(desk.contacting)) void askContacting(desk.view);
  if (desk.view && Date.now() - ballotsAsked > BALLOTS_EVERY_MS) void askBallots(desk.view);
}

async function seen(view: View, tag: string | null): Promise<void> {
  change({ view, tag, seen: Date.now(), stale: false, trouble: null });
  void askContacting(view); // the rest is there already
  void askBallots(view);
}

/** What is offered to them and waits for a word: asked of those alone who may decide anything. */
export async function askBallots(view: View): Promise<void> {
  if (!desk.person?.roles.some((role) => DECIDING.includes(role))) return;
  ballotsAsked = Date.now();
  const path = `/v1/engagement/ballots?customer_id=${view.customer_id}`;
  const told = await orNull(ask<{ ballots: Ballot[]; more: boolean }>(path, { grounds: grounds() }));
  if (desk.view === view) change({ ballots: { list: told?.ballots ?? null, more: told?.more ?? false } });
}

async function askContacting(view: View): Promise<void> {
  const contacting = await contactingOf(view.customer_id, grounds());
  if (desk.view === view) change({ contacting }); // else a later look asks again
}

/** Whoever is on the screen goes, and the session with them ends: what it opened is closed at once. */
function letGo(): void {
  const session = desk.session;
  change(NOBODY);
  if (!session || Date.parse(session.until) <= Date.now()) return;
  const path = `/v1/customers/${session.customer_id}/sessions/${session.session_id}/end`;
  // Where that fails, it ends by itself in a while: nobody waits for it.
  ask(path, { body: {} }).catch((failure: unknown) => void told(failure));
}

/** The call is over, or somebody else is looked for: nothing of whoever was shown stays. */
export function endCall(): void {
  letGo();
  change({ typed: "", kind: null, callId: null, message: null });
  history.replaceState(null, "", location.pathname);
}

export function openPanel(panel: Panel | null): void {
  change({ panel, message: null });
}

export function track(order: string): void {
  change({ panel: "track", order, message: null });
}

/** Whether the view may be asked for: a call with somebody who is not verified shows nothing. */
export function mayLook(): boolean {
  return grounds() !== null;
}

/**
 * A call that rings opens `/desk#call=<id>`; a call centre that has recognised the caller adds
 * `&customer=<id>&by=phone`. Ids alone: an address is no place for anything personal.
 */
export async function answerCall(fragment: string): Promise<void> {
  const told = new URLSearchParams(fragment.replace(/^#/, ""));
  const call = told.get("call");
  if (!call || !CALL_ID.test(call) || call === desk.callId) return;
  letGo();
  change({ mode: "call", callId: call, typed: "", kind: null });
  const customer = told.get("customer");
  const by = (told.get("by") ?? "phone").split(",") as Evidence[];
  if (!customer || !CUSTOMER_ID.test(customer)) return;
  change({ busy: true });
  try {
    await openSession(customer, by);
  } catch (failure) {
    fail(failure);
  } finally {
    change({ busy: false });
  }
}

/** A session that is over opens nothing any more, so nothing of it stays on the screen. */
export function dropWhatIsOver(): void {
  if (desk.session && Date.parse(desk.session.until) <= Date.now()) change(NOBODY);
}

export function setMode(mode: "call" | "reason"): void {
  if (mode === desk.mode) return;
  letGo();
  change({ mode });
}

/** Turkish or English, also what the API puts into words. */
export function switchLanguage(): void {
  setLanguage(desk.language === "tr" ? "en" : "tr");
  void refresh();
}

export function setKind(kind: Kind | null): void {
  change({ kind });
}

function fail(failure: unknown): void {
  const detail = told(failure);
  const kind = (failure as Refusal).kind;
  if (kind === "unauthorized") return;
  change({ trouble: { kind, detail, correlation: (failure as Refusal).correlation } });
}
