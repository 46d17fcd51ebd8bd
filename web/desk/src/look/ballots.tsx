/** What is offered to them and waits for the word of whoever sits here, if it is theirs to decide. */

import type { JSX } from "preact";

import { openPanel } from "../actions";
import { day } from "../format";
import type { Desk } from "../state";
import type { Ballot } from "../types";
import { Unknown } from "../ui";
import { named, words } from "../words";

export function Ballots({ desk }: { desk: Desk }): JSX.Element | null {
  const w = words();
  const told = desk.ballots;
  if (!told || (told.list && !told.list.length)) return null;
  const waiting = told.list?.filter((one) => !one.person?.word) ?? [];
  return (
    <section class={waiting.length ? "card awaits" : "card"} aria-labelledby="ballots">
      <header>
        <h2 id="ballots">{w.ballot}</h2>
      </header>
      {!told.list && <Unknown because={w.because.contacting} />}
      {told.list?.map((one) => (
        <div key={one.offer.offer_id} class="line">
          <strong>{one.offer.what}</strong>
          <span class="tag">{one.person?.word ? named(w.decisions, one.person.word.decision) : w.awaitsWord}</span>
          <small>{when(one, desk)}</small>
        </div>
      ))}
      {told.more && <p class="quiet">{w.moreFit}</p>}
      {told.list && (
        <button class="plain" type="button" onClick={() => openPanel("ballot")}>
          {w.decide} <kbd>A</kbd>
        </button>
      )}
    </section>
  );
}

/** By what it is said, in which wave, and from when until when. */
export function when({ offer }: Ballot, { language }: Desk): string {
  const w = words();
  const span = `${day(offer.starts_at, language)} – ${day(offer.ends_at, language)}`;
  return [named(w.channels, offer.channel), offer.wave, span].join(" · ");
}
