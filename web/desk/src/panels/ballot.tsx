/** Whether they may be written to for an offer: the word of who owns them, for this person alone. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { askBallots, say } from "../actions";
import { ask, newKey } from "../api";
import { dayAndTime, money } from "../format";
import { when } from "../look/ballots";
import { Fact } from "../look/parts";
import { desk, useDesk } from "../state";
import type { Ballot, OnBallot } from "../types";
import { Choice, Form, Text } from "../ui";
import { named, words } from "../words";

const WORKING = "case"; // a ballot is many people's, so no session with one covers it

export function BallotPanel(): JSX.Element {
  const w = words();
  const told = useDesk().ballots;
  if (!told?.list) return <p class="notice">{w.because.contacting}</p>;
  if (!told.list.length) return <p class="quiet">{w.noBallot}</p>;
  return (
    <>
      {told.list.map((one, place) => (
        <Decision key={one.offer.offer_id} ballot={one} focused={place === 0} />
      ))}
      {told.more && <p class="quiet">{w.moreFit}</p>}
    </>
  );
}

function Decision({ ballot, focused }: { ballot: Ballot; focused: boolean }): JSX.Element {
  const w = words();
  const now = useDesk();
  const { offer, person } = ballot;
  const [decision, setDecision] = useState("");
  const [reason, setReason] = useState("");
  const key = useRef(newKey());
  const missing = (): string | null => {
    if (!decision) return w.decisionNeeded;
    return decision === "veto" && !reason.trim() ? w.vetoNeedsReason : null;
  };
  const vote = async (): Promise<void> => {
    const body = { decision, reason: reason.trim(), customer_ids: [desk.customer] };
    const why = { reason: desk.mode === "reason" ? desk.reason : WORKING };
    await ask(`/v1/engagement/offers/${offer.offer_id}/votes`, { body, key: key.current, grounds: why });
    key.current = newKey();
    setDecision("");
    setReason("");
    say("good", w.voted);
    if (desk.view) await askBallots(desk.view);
  };
  return (
    <section class="part" aria-label={offer.what}>
      <h3>{offer.what}</h3>
      <p>{offer.why}</p>
      <p class="quiet">
        {offer.product} · {when(ballot, now)}
      </p>
      {person ? <Figures person={person} /> : <p class="notice">{w.ownOffer}</p>}
      <Form submit={w.decide} missing={missing} send={vote}>
        <Choice
          label={w.decision}
          value={decision}
          set={setDecision}
          options={{ approve: w.approves, veto: w.vetoesIt }}
          empty="—"
          focused={focused}
        />
        <Text label={w.decisionWhy} value={reason} set={setReason} max={500} optional={decision !== "veto"} />
      </Form>
    </section>
  );
}

/** What there is to know of them before one decides. */
function Figures({ person }: { person: OnBallot }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const { word } = person;
  return (
    <>
      {word && (
        <p class={word.decision === "veto" ? "dont" : "good"}>
          {named(w.decisions, word.decision)} · {dayAndTime(word.at, language)}
          {word.reason && ` · ${word.reason}`}
        </p>
      )}
      {person.vetoes.map((one) => (
        <p key={one.code} class="dont">
          {named(w.selfVetoes, one.code)}
        </p>
      ))}
      {person.clashing.length > 0 && <p class="warn">{w.clashing(person.clashing.length)}</p>}
      <dl class="facts tight">
        {person.value && (
          <Fact term={w.worth}>{person.value.map((sum) => money(sum, language)).join(" + ") || w.none}</Fact>
        )}
        <Fact term={w.contacts}>{w.inMonthAndYear(person.contacts_30, person.contacts_365)}</Fact>
        <Fact term={w.offersHeard}>{w.inMonthAndYear(person.offers_30, person.offers_365)}</Fact>
        <Fact term={w.silence}>
          {person.days_of_silence === null ? w.unknown : w.silenceDays(person.days_of_silence)}
        </Fact>
        <Fact term={w.openComplaints}>
          {person.open_complaints === null ? w.unknown : String(person.open_complaints)}
        </Fact>
      </dl>
    </>
  );
}
