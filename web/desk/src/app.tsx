/** The desk: sign in, the search at the top, the one look in the middle, what can be done beside it. */

import { render, type JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import {
  answerCall,
  dropWhatIsOver,
  endCall,
  findWhoIsMeant,
  mayLook,
  openPanel,
  refresh,
  say,
  setKind,
  setMode,
  switchLanguage,
} from "./actions";
import { readings, type Kind } from "./asked";
import { FoundList } from "./found";
import { keysAreOff, listen, mayOpen, turnKeys } from "./keys";
import { Look } from "./look";
import { keepTrying, onChange, waiting } from "./outbox";
import { BallotPanel } from "./panels/ballot";
import { Complaint } from "./panels/complaint";
import { Consent } from "./panels/consent";
import { Create } from "./panels/create";
import { Merge } from "./panels/merge";
import { Note } from "./panels/note";
import { Promises } from "./panels/promises";
import { PlaceOrder, TrackOrder } from "./panels/order";
import { Register } from "./panels/register";
import { Verify } from "./panels/verify";
import * as signin from "./signin";
import { change, desk, useDesk, type Panel } from "./state";
import { likedLanguage, setLanguage, setSpeaker, showLikedTheme, speaker, switchTheme } from "./taste";
import { Form, Text, forgetDrafts } from "./ui";
import { named, words } from "./words";

const LOOK_AGAIN_MS = 15_000;
const ACTIONS: [Panel, string][] = [
  ["verify", "V"],
  ["note", "N"],
  ["promises", "P"],
  ["complaint", "S"],
  ["consent", "R"],
  ["register", "U"],
  ["order", "O"],
  ["merge", "B"],
  ["ballot", "A"],
];
const PASSING: Panel[] = ["verify", "ballot"]; // there only where there is something to do

function App(): JSX.Element {
  const now = useDesk();
  useLayoutEffect(() => {
    // What was looked for is found: single keys act on it from here.
    if (now.customer || now.found) document.getElementById("look")?.focus();
  }, [now.customer, now.found]);
  useEffect(() => {
    document.title = now.view?.customer.data?.name ? `${now.view.customer.data.name} · Sahip` : "Sahip";
  });
  if (!now.person) return <SignIn />;
  return (
    <>
      <a class="skip" href="#look" onClick={() => document.getElementById("look")?.focus()}>
        {words().skip}
      </a>
      <Bar />
      <main class={now.customer ? "page" : "page alone"}>
        <div class="look" id="look" tabIndex={-1}>
          {now.trouble && (
            <p class="trouble" role="alert">
              {now.trouble.detail}
            </p>
          )}
          <FoundList />
          <Look />
        </div>
        {(now.customer || now.panel === "create") && <Side />}
      </main>
      <div class="sayings" role="status" aria-live="polite">
        {now.message && <p class={`saying ${now.message.tone}`}>{now.message.text}</p>}
      </div>
      {now.keys && <KeyList />}
    </>
  );
}

function Bar(): JSX.Element {
  const w = words();
  const now = useDesk();
  const ways = readings(now.typed);
  const inCall = now.mode === "call";
  const submit = (event: Event): void => {
    event.preventDefault();
    void findWhoIsMeant();
  };
  return (
    <header class="bar">
      <div class="mode">
        <div class="segments" role="group" aria-label={w.howServed}>
          <button type="button" aria-pressed={inCall} onClick={() => setMode("call")}>
            {w.inCall}
          </button>
          <button type="button" aria-pressed={!inCall} onClick={() => setMode("reason")}>
            {w.outsideCall}
          </button>
        </div>
        {!inCall && (
          <select
            class="reason"
            aria-label={w.why}
            value={now.reason}
            onChange={(event) => {
              endCall();
              change({ reason: event.currentTarget.value });
            }}
          >
            <option value="">{w.chooseReason}</option>
            {Object.entries(w.reasons).map(([code, shown]) => (
              <option key={code} value={code}>
                {shown}
              </option>
            ))}
          </select>
        )}
      </div>
      <form class="search" role="search" onSubmit={submit}>
        <label class="hidden" for="search">
          {w.searchLabel}
        </label>
        <input
          id="search"
          value={now.typed}
          placeholder={inCall ? w.searchCall : w.search}
          onInput={(event) => change({ typed: event.currentTarget.value, kind: null })}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onFocus={(event) => event.currentTarget.select()}
          maxLength={200}
          autofocus
        />
        {ways.length > 0 && (
          <select
            class="reading"
            aria-label={w.readAs}
            value={now.kind ?? ways[0]}
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
          >
            {ways.map((kind) => (
              <option key={kind} value={kind}>
                {named(w.kinds, kind)}
              </option>
            ))}
          </select>
        )}
        <button class="primary" type="submit" disabled={now.busy || !ways.length}>
          {now.busy ? w.loading : w.find}
        </button>
      </form>
      <div class="tools">
        {!now.online && <span class="tag old">{w.offline}</span>}
        {now.waiting > 0 && <span class="tag old">{w.noteWaits(now.waiting)}</span>}
        {now.refused > 0 && <span class="tag missing">{w.noteRefused(now.refused)}</span>}
        {now.callId && (
          <span class="tag call">
            {w.callIs} {now.callId.slice(0, 12)}
          </span>
        )}
        {(now.customer || now.found) && (
          <button class="plain" type="button" aria-keyshortcuts="e" onClick={endCall}>
            {inCall ? w.endCall : w.newSearch}
          </button>
        )}
        <button class="plain" type="button" aria-keyshortcuts="?" onClick={() => change({ keys: true })}>
          {w.keys}
        </button>
        <button
          class="plain"
          type="button"
          aria-label={`${w.language}, ${w.languageLabel}`}
          onClick={switchLanguage}
        >
          {w.language}
        </button>
        <button class="plain" type="button" onClick={switchTheme}>
          {w.theme}
        </button>
        <button class="plain" type="button" onClick={leave}>
          {w.signOut}
        </button>
      </div>
    </header>
  );
}

function Side(): JSX.Element {
  const w = words();
  const { panel, order, customer } = useDesk();
  const titles: Record<Panel, string> = {
    verify: w.verify,
    note: w.note,
    promises: w.promises,
    complaint: w.complaint,
    consent: w.consent,
    register: w.register,
    order: w.order,
    track: w.trackOrder,
    merge: w.merge,
    ballot: w.ballot,
    create: w.create,
  };
  return (
    <aside class={panel ? "side open" : "side"} aria-label={w.actions}>
      {customer && (
        <nav class="actions" aria-label={w.actions}>
          {ACTIONS.filter(([name]) => !PASSING.includes(name) || mayOpen(name)).map(([name, key]) => (
            <button
              key={name}
              type="button"
              aria-pressed={panel === name}
              aria-keyshortcuts={key.toLowerCase()}
              disabled={!mayOpen(name)}
              title={mayOpen(name) ? undefined : w.afterVerifying}
              onClick={() => openPanel(panel === name ? null : name)}
            >
              <span>{titles[name]}</span>
              <kbd aria-hidden="true">{key}</kbd>
            </button>
          ))}
        </nav>
      )}
      {panel && (
        <section class="panel" aria-labelledby="panel">
          <header>
            <h2 id="panel">{titles[panel]}</h2>
            <button class="plain" type="button" onClick={() => openPanel(null)}>
              {w.close} <kbd>Esc</kbd>
            </button>
          </header>
          <PanelBody key={`${panel}/${order}/${customer}`} panel={panel} />
        </section>
      )}
    </aside>
  );
}

function PanelBody({ panel }: { panel: Panel }): JSX.Element | null {
  const { session } = useDesk();
  if (panel === "verify") return session ? <Verify /> : null;
  if (panel === "note") return <Note />;
  if (panel === "promises") return <Promises />;
  if (panel === "complaint") return <Complaint />;
  if (panel === "consent") return <Consent />;
  if (panel === "register") return <Register />;
  if (panel === "order") return <PlaceOrder />;
  if (panel === "track") return <TrackOrder />;
  if (panel === "merge") return <Merge />;
  if (panel === "ballot") return <BallotPanel />;
  return <Create />;
}

function KeyList(): JSX.Element {
  const w = words();
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => box.current?.showModal(), []);
  const off = keysAreOff();
  return (
    <dialog ref={box} class="keys" aria-labelledby="keys" onClose={() => change({ keys: false })}>
      <h2 id="keys">{w.keys}</h2>
      <dl>
        {Object.entries(w.keyList).map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{w.keysHint}</p>
      <div class="row">
        <button class="plain" type="button" onClick={() => turnKeys(!off)}>
          {off ? w.keysOn : w.keysOff}
        </button>
        <button class="primary" type="button" onClick={() => box.current?.close()}>
          {w.close}
        </button>
      </div>
    </dialog>
  );
}

function SignIn(): JSX.Element {
  const w = words();
  const { config, trouble } = useDesk();
  const [token, setToken] = useState("");
  const [name, setName] = useState(speaker());
  const way = config?.sign_in;
  const take = async (): Promise<void> => {
    setSpeaker(name);
    enter(signin.person(token));
  };
  const missing = (): string | null => {
    try {
      return signin.person(token).until > Date.now() ? null : w.tokenOver;
    } catch {
      return w.tokenBad;
    }
  };
  return (
    <main class="signin">
      <img src="/desk/mark.svg" alt="" width="44" height="44" />
      <h1>Sahip · {w.desk}</h1>
      {trouble && (
        <p class="trouble" role="alert">
          {trouble.detail}
        </p>
      )}
      {way?.kind === "token" && (
        <Form submit={w.signIn} missing={missing} send={take}>
          <Text label={w.tokenLabel} value={token} set={setToken} type="password" hint={w.tokenHint} max={8000} focused />
          <Text label={w.partner} value={name} set={setName} max={200} optional />
        </Form>
      )}
      {way?.kind === "cognito" && (
        <button class="primary" type="button" onClick={() => void signin.leaveToSignIn(way.domain, way.client_id)}>
          {w.signInWith}
        </button>
      )}
      <button class="plain" type="button" onClick={switchLanguage}>
        {w.language}
      </button>
    </main>
  );
}

let stopTrying: () => void = () => {};

function enter(person: signin.Person): void {
  signin.keep(person, expire);
  change({ person, trouble: null });
  count();
  stopTrying();
  stopTrying = keepTrying(person.subject, (arrived) => {
    say("good", words().noteArrived(arrived));
    void refresh();
  });
  renew(person);
  void answerCall(location.hash);
}

/** Where a refresh token was given, a new token comes before the old one is over; else one signs in again. */
function renew(person: signin.Person): void {
  setTimeout(async () => {
    if (desk.person?.token !== person.token) return;
    const way = desk.config?.sign_in;
    const next = way?.kind === "cognito" ? await signin.refreshed(way.domain, way.client_id).catch(() => null) : null;
    if (next) {
      signin.keep(next, expire);
      change({ person: next });
      renew(next);
    } else if (person.until <= Date.now()) expire();
    else setTimeout(expire, person.until - Date.now());
  }, signin.renewIn(person));
}

function expire(): void {
  leave();
  change({ trouble: { kind: "unauthorized", detail: words().expired, correlation: null } });
}

/** Nothing of anybody stays on the screen or in this tab; what waits to be sent waits for its writer. */
function leave(): void {
  stopTrying();
  endCall();
  forgetDrafts();
  signin.forget();
  change({ person: null, waiting: 0, refused: 0 });
}

function count(): void {
  const kept = desk.person ? waiting(desk.person.subject) : [];
  const refused = kept.filter((one) => one.refused !== null).length;
  change({ waiting: kept.length - refused, refused });
}

async function start(): Promise<void> {
  showLikedTheme();
  setLanguage(likedLanguage());
  change({ online: navigator.onLine });
  const known = signin.kept();
  try {
    const config = await signin.config();
    change({ config });
    const way = config.sign_in;
    const back = way.kind === "cognito" ? await signin.comeBack(way.domain, way.client_id) : null;
    if (back ?? known) enter((back ?? known)!);
  } catch {
    change({ trouble: { kind: "unreachable", detail: words().configBad, correlation: null } });
    if (known) enter(known);
  }
}

onChange(count);
listen();
addEventListener("hashchange", () => void (desk.person && answerCall(location.hash)));
addEventListener("online", () => {
  change({ online: true });
  void refresh();
});
addEventListener("offline", () => change({ online: false }));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && mayLook()) void refresh();
});
setInterval(() => {
  dropWhatIsOver();
  if (document.visibilityState === "visible" && desk.view && mayLook()) void refresh();
}, LOOK_AGAIN_MS);

render(<App />, document.getElementById("desk")!);
void start();
