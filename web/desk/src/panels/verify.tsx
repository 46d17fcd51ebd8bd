/** Verifying whoever is on the line: a code to a contact point of theirs, or facts that only they know. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { say, verified } from "../actions";
import { ask, newKey } from "../api";
import { desk } from "../state";
import type { FactName, Session } from "../types";
import { Choice, Form, Text } from "../ui";
import { named, words } from "../words";

export function Verify(): JSX.Element {
  const w = words();
  const session = desk.session!;
  const [way, setWay] = useState<"facts" | "code">("facts");
  if (session.ways.tries_left === 0) return <p class="notice">{w.noTries}</p>;
  return (
    <>
      <div class="segments" role="group" aria-label={w.verifyBy}>
        <button type="button" aria-pressed={way === "facts"} onClick={() => setWay("facts")}>
          {w.byFacts}
        </button>
        <button type="button" aria-pressed={way === "code"} onClick={() => setWay("code")}>
          {w.byCode}
        </button>
      </div>
      {way === "facts" ? <ByFacts session={session} /> : <ByCode session={session} />}
    </>
  );
}

async function hear(session: Session, body: object): Promise<void> {
  const path = `/v1/customers/${session.customer_id}/sessions/${session.session_id}/verification`;
  const answered = (await ask<Session>(path, { body })).body;
  await verified(answered);
  if (answered.state !== "verified") {
    say("bad", words().wrong(answered.ways.tries_left));
  }
}

function ByFacts({ session }: { session: Session }): JSX.Element {
  const w = words();
  const [said, setSaid] = useState<Partial<Record<FactName, string>>>({});
  const given = Object.entries(said).filter(([, value]) => value.trim());
  const needed = session.ways.facts_needed;
  return (
    <Form
      submit={w.check}
      missing={() => (given.length < needed ? w.fillFacts(needed) : null)}
      send={() => hear(session, { facts: Object.fromEntries(given) })}
    >
      <p class="hint">{w.factsHint(needed)}</p>
      {session.ways.facts.map((fact, place) => (
        <Text
          key={fact}
          label={named(w.kinds, fact)}
          value={said[fact] ?? ""}
          set={(value) => setSaid({ ...said, [fact]: value })}
          focused={place === 0}
          max={200}
        />
      ))}
    </Form>
  );
}

function ByCode({ session }: { session: Session }): JSX.Element {
  const w = words();
  const points = session.ways.contact_points;
  const [point, setPoint] = useState(points[0]?.id ?? "");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const key = useRef(newKey());
  if (!points.length) return <p class="notice">{w.noPoint}</p>;
  const send = async (): Promise<void> => {
    const path = `/v1/customers/${session.customer_id}/sessions/${session.session_id}/codes`;
    const sent = await ask<{ masked: string }>(path, { body: { contact_point: point }, key: key.current });
    key.current = newKey();
    setSentTo(sent.body.masked);
  };
  return (
    <>
      <Form submit={w.sendCode} send={send}>
        <Choice
          label={w.sendTo}
          value={point}
          set={setPoint}
          options={Object.fromEntries(points.map((one) => [one.id, one.masked]))}
        />
      </Form>
      {sentTo && (
        <Form
          submit={w.check}
          missing={() => (/^\d{4,10}$/.test(code.trim()) ? null : w.codeLabel)}
          send={() => hear(session, { code: code.trim() })}
        >
          <p class="hint" role="status">
            {w.codeSent(sentTo)}
          </p>
          <Text label={w.codeLabel} value={code} set={setCode} mode="numeric" max={10} focused />
        </Form>
      )}
    </>
  );
}
