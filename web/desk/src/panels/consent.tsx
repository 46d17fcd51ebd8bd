/** Whether they want to be called or written to. A no is taken of whoever says it, verified or not. */

import type { JSX } from "preact";

import { openPanel, refresh, say, settle } from "../actions";
import { now } from "../api";
import { e164 } from "../format";
import { shownPoint } from "../look/parts";
import { send } from "../outbox";
import { desk } from "../state";
import { Choice, Form, Text, useDraft } from "../ui";
import { named, words } from "../words";

type Place = { channel: "ARAMA" | "MESAJ" | "EPOSTA"; address: string };

const IN_CALL = "HS_CAGRI_MERKEZI";
const SOURCES = ["HS_FIZIKSEL_ORTAM", "HS_ISLAK_IMZA", IN_CALL, "HS_EPOSTA", "HS_WEB"];
const PROOFS = ["recording", "form", "code", "document"];
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

export function Consent(): JSX.Element {
  const w = words();
  const known = desk.view?.customer.data?.contact_points ?? null;
  // "Do not call me again" is the commonest word; it holds for every number of theirs.
  const calls = (known ?? []).filter((one) => one.kind === "phone").map((one) => keyOf(call(one.value)));
  const [draft, set, done] = useDraft("consent", () => ({
    refuses: true,
    chosen: calls,
    address: known ? "" : theirOwn(),
    source: desk.mode === "call" ? IN_CALL : "HS_FIZIKSEL_ORTAM",
    text: "",
    proof: desk.mode === "call" ? "recording" : "form",
    reference: desk.callId ?? "",
    alsoTyped: ["ARAMA"],
  }));
  const written = draft.address.trim();
  const places = (known ?? []).flatMap((one) => placesOf(one.kind, one.value));
  const typed = written ? (written.includes("@") ? placesOf("email", written) : placesOf("phone", e164(written))) : [];
  const wanted = (): Place[] => [
    ...places.filter((one) => draft.chosen.includes(keyOf(one))),
    ...typed.filter((one) => one.channel === "EPOSTA" || draft.alsoTyped.includes(one.channel)),
  ];
  const missing = (): string | null => {
    if (!wanted().length) return w.placeNeeded;
    if (draft.refuses) return null;
    return VERSION.test(draft.text.trim()) && REFERENCE.test(draft.reference.trim()) ? null : w.proofNeeded;
  };
  const save = async (): Promise<void> => {
    const said = now();
    const left = new Set(draft.chosen);
    let arrived = true;
    for (const place of wanted()) {
      const consent = { text_version: draft.text.trim(), proof: { kind: draft.proof, reference: draft.reference.trim() } };
      const body = {
        customer_id: desk.customer,
        ...place,
        status: draft.refuses ? "RET" : "ONAY",
        source: draft.source,
        said_at: said,
        ...(draft.refuses ? {} : consent),
      };
      const one = { subject: desk.person!.subject, what: "consent", path: "/v1/engagement/consents", body } as const;
      arrived = (await send(one)) && arrived;
      left.delete(keyOf(place)); // said once, should the next of them be refused
      set({ chosen: [...left] });
    }
    done();
    openPanel(null);
    const saved = draft.refuses ? w.refusalSaved : w.consentSaved;
    say(arrived ? "good" : "wait", arrived ? saved : w.noteKept);
    if (arrived) void refresh().then(settle);
  };
  const toggle = (list: string[], one: string): string[] =>
    list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
  return (
    <Form submit={draft.refuses ? w.recordRefusal : w.recordConsent} missing={missing} send={save}>
      <div class="segments" role="group" aria-label={w.whatSaid}>
        <button type="button" aria-pressed={draft.refuses} onClick={() => set({ refuses: true, chosen: calls })}>
          {w.refuses}
        </button>
        <button type="button" aria-pressed={!draft.refuses} onClick={() => set({ refuses: false, chosen: [] })}>
          {w.agrees}
        </button>
      </div>
      <p class="hint">{draft.refuses ? w.refusalHint : w.consentHint}</p>
      {places.length > 0 && (
        <fieldset class="ticks">
          <legend>{w.wherever}</legend>
          {places.map((one) => (
            <Tick
              key={keyOf(one)}
              label={`${named(w.consentChannels, one.channel)} · ${shownPoint({ kind: kindOf(one), value: one.address })}`}
              checked={draft.chosen.includes(keyOf(one))}
              change={() => set({ chosen: toggle(draft.chosen, keyOf(one)) })}
            />
          ))}
        </fieldset>
      )}
      <Text
        label={known ? w.otherAddress : w.whichAddress}
        value={draft.address}
        set={(address) => set({ address })}
        max={254}
        focused={!known}
        optional={places.length > 0}
      />
      {typed.length > 1 && (
        <fieldset class="ticks">
          <legend>{written}</legend>
          {typed.map((one) => (
            <Tick
              key={one.channel}
              label={named(w.consentChannels, one.channel)}
              checked={draft.alsoTyped.includes(one.channel)}
              change={() => set({ alsoTyped: toggle(draft.alsoTyped, one.channel) })}
            />
          ))}
        </fieldset>
      )}
      {desk.mode === "reason" && (
        <Choice
          label={w.howSaid}
          value={draft.source}
          set={(source) => set({ source })}
          options={Object.fromEntries(SOURCES.map((one) => [one, named(w.sources, one)]))}
        />
      )}
      {!draft.refuses && (
        <>
          <Text label={w.textVersion} value={draft.text} set={(text) => set({ text })} max={40} />
          <div class="row">
            <Choice
              label={w.proof}
              value={draft.proof}
              set={(proof) => set({ proof })}
              options={Object.fromEntries(PROOFS.map((one) => [one, named(w.proofs, one)]))}
            />
            <Text label={w.proofReference} value={draft.reference} set={(reference) => set({ reference })} max={120} />
          </div>
        </>
      )}
    </Form>
  );
}

function Tick(props: { label: string; checked: boolean; change: () => void }): JSX.Element {
  return (
    <label class="tick">
      <input type="checkbox" checked={props.checked} onChange={props.change} />
      {props.label}
    </label>
  );
}

/** What somebody who is not verified was recognised by: an office's line that they call from is not theirs. */
function theirOwn(): string {
  const kind = (["phone", "email"] as const).find((one) => desk.session?.recognised_by.includes(one));
  return (kind && desk.known[kind]) ?? "";
}

function call(address: string): Place {
  return { channel: "ARAMA", address };
}

/** By what one is called or written to at an address; WhatsApp is a message, as İYS has it. */
function placesOf(kind: string, address: string): Place[] {
  if (kind === "email") return [{ channel: "EPOSTA", address }];
  return [call(address), { channel: "MESAJ", address }];
}

function kindOf(place: Place): string {
  return place.channel === "EPOSTA" ? "email" : "phone";
}

function keyOf(place: Place): string {
  return `${place.channel} ${place.address}`;
}
