/** After two were parted: what fell, and whose that is which came by what both had. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { settle, told } from "../actions";
import { ask, type Grounds } from "../api";
import { dayAndTime, money } from "../format";
import { desk } from "../state";
import type { Link, Review, Waiting } from "../types";
import { named, words } from "../words";

const WHY: Grounds = { reason: "correction" };

export function Parted({ link, back }: { link: Link; back: () => void }): JSX.Element {
  const w = words();
  const [review, setReview] = useState<Review | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const fetchReview = (): Promise<void> =>
    ask<Review>(`/v1/customers/${link.person_id}/links/${link.link_id}/review`, { grounds: WHY }).then(
      (answer) => {
        setReview(answer.body);
        setTrouble(null);
      },
      (failure: unknown) => setTrouble(told(failure)),
    );
  useEffect(() => void fetchReview(), [link.link_id]);
  const attribute = async (one: Waiting, whose: string): Promise<void> => {
    try {
      await ask(one.attribute, { body: { customer_id: whose }, grounds: WHY });
    } catch (failure) {
      setTrouble(told(failure));
      return;
    }
    // Lists follow a moment later, so it is taken off here.
    setTrouble(null);
    setReview((before) => before && { ...before, waiting: before.waiting.filter((other) => other !== one) });
    void settle();
  };
  return (
    <section class="part" aria-label={w.review}>
      <h3>{w.review}</h3>
      {link.set_aside.length > 0 && (
        <>
          <p>{w.setAside}:</p>
          <ul class="list">
            {link.set_aside.map((one) => (
              <li key={one.field}>
                {named(w.fields, one.field)}: {one.value ?? w.none}
              </li>
            ))}
          </ul>
        </>
      )}
      {!review && !trouble && <p class="quiet">{w.loading}</p>}
      {review && <Told review={review} />}
      <ul class="list">
        {review?.waiting.map((one) => (
          <li key={one.entity_id} class="talk">
            <span>
              {named(w.waitingKinds, one.kind)}: {title(one)}
              <small>
                {dayAndTime(one.came_at, desk.language)} · {w.cameBy}: {named(w.kinds, one.came_by)}
              </small>
            </span>
            {[link.person_id, link.joined_id].map((whose) => (
              <button key={whose} class="plain" type="button" onClick={() => void attribute(one, whose)}>
                {whose === desk.customer ? w.thisOne : w.otherOne}
              </button>
            ))}
          </li>
        ))}
      </ul>
      {trouble && <p class="trouble">{trouble}</p>}
      <button class="plain" type="button" onClick={() => void fetchReview()}>
        {w.askAgain}
      </button>
      <button class="plain" type="button" onClick={back}>
        {w.close}
      </button>
    </section>
  );
}

/** Whether anything waits, and what could not be asked or looked through. */
function Told({ review }: { review: Review }): JSX.Element {
  const w = words();
  const isSure = !review.more && !review.unanswered.length;
  return (
    <>
      {review.waiting.length > 0 ? <p>{w.reviewWhose}</p> : isSure && <p class="quiet">{w.reviewNone}</p>}
      {review.unanswered.length > 0 && (
        <p class="notice">{w.unanswered(review.unanswered.map((one) => named(w.serviceNames, one)).join(", "))}</p>
      )}
      {review.more && <p class="notice">{w.reviewMore}</p>}
    </>
  );
}

/** What it is, as lists of its kind show it. */
function title({ kind, shown }: Waiting): string {
  const w = words();
  const text = (name: string): string => (typeof shown[name] === "string" ? (shown[name] as string) : "");
  if (kind === "conversation") return text("summary") || w.none;
  if (kind === "complaint") return text("title") || w.none;
  if (kind === "unit") return [text("product"), text("serial")].filter(Boolean).join(" · ") || w.unknown;
  if (kind !== "order") return w.unknown;
  const amount = typeof shown["amount"] === "number" ? shown["amount"] : null;
  const currency = text("currency");
  const sum = amount !== null && currency ? money({ amount, currency }, desk.language) : "";
  const number = text("external_id") || text("order_id");
  return [number, named(w.statuses, text("status")), sum].filter(Boolean).join(" · ");
}
