/** All that is listed, for whoever has a minute more. */

import type { ComponentChildren, JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";

import { told, track } from "../actions";
import { ask } from "../api";
import { day, dayAndTime, time } from "../format";
import { grounds, useDesk } from "../state";
import type { Part, SessionRow, View } from "../types";
import { isKept, KeptBack, Unknown } from "../ui";
import { named, words } from "../words";
import { CareReasons } from "./care";
import { UnitLine } from "./cards";
import { PromiseLine } from "./promises";
import { Rest } from "./rest";

const ANSWERING = ["owner", "manager"]; // roles that may see who talked with whom

export function Details({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language, contacting, person } = useDesk();
  const key = (view.customer_ids ?? [view.customer_id]).join();
  const consents = contacting ? contacting.said : [];
  return (
    <div class="details">
      <Facts view={view} />
      {view.care && (
        <Section title={w.careWhy} part={view.care}>
          <ul class="list">{view.care.data && <CareReasons care={view.care.data} isKept={isKept(view.care, "value")} />}</ul>
        </Section>
      )}
      <Section title={w.orders} part={view.orders} count={view.orders.data?.count}>
        <Rest
          key={key}
          view={view}
          part={view.orders}
          list="recent"
          route="/v1/orders?customer_id={customer_id}"
          field="orders"
          entries={view.orders.data?.recent ?? []}
          id={(order) => order.order_id}
          at={(order) => order.ordered_at}
        >
          {(order) => (
            <li key={order.order_id}>
              <time>{day(order.ordered_at, language)}</time>
              <button class="link" type="button" onClick={() => track(order.order_id)}>
                {order.external_id ?? order.order_id}
              </button>
              <span class="tag">{named(w.statuses, order.status)}</span>
            </li>
          )}
        </Rest>
      </Section>
      <Section title={w.complaints} part={view.complaints} count={view.complaints.data?.count}>
        <Rest
          key={key}
          view={view}
          part={view.complaints}
          list="recent"
          route="/v1/complaints?customer_id={customer_id}"
          field="complaints"
          entries={view.complaints.data?.recent ?? []}
          id={(one) => one.complaint_id}
          at={(one) => one.opened_at}
        >
          {(one) => (
            <li key={one.complaint_id}>
              <time>{day(one.opened_at, language)}</time>
              <span>{one.title || w.none}</span>
              <span class="tag">{named(w.statuses, one.status)}</span>
            </li>
          )}
        </Rest>
      </Section>
      <Section title={w.products} part={view.products} count={view.products.data?.count}>
        <Rest
          key={key}
          view={view}
          part={view.products}
          list="units"
          route="/v1/warranty/units?customer_id={customer_id}"
          field="units"
          entries={view.products.data?.units ?? []}
          id={(unit) => unit.unit_id}
          at={(unit) => unit.delivered_on ?? unit.delivered_at ?? ""}
        >
          {(unit) => (
            <li key={unit.unit_id}>
              <UnitLine unit={unit} />
            </li>
          )}
        </Rest>
      </Section>
      <Section title={w.conversations} part={view.conversations} count={view.conversations?.data?.count}>
        <Rest
          key={key}
          view={view}
          part={view.conversations}
          list="recent"
          route="/v1/customers/{customer_id}/conversations"
          field="conversations"
          entries={view.conversations?.data?.recent ?? []}
          id={(one) => one.conversation_id ?? one.at}
          at={(one) => one.at}
        >
          {(one) => (
            <li key={one.conversation_id ?? one.at} class="talk">
              <time>{dayAndTime(one.at, language)}</time>
              <span>
                {one.summary || w.none}
                <small>
                  {named(w.channels, one.channel)}
                  {one.with && ` · ${one.with}`}
                </small>
              </span>
              {one.promise && <PromiseLine promise={one.promise} />}
            </li>
          )}
        </Rest>
      </Section>
      <Section title={w.timeline} part={view.timeline}>
        <Rest
          key={key}
          view={view}
          part={view.timeline}
          list="recent"
          route="/v1/view/customers/{customer_id}/timeline"
          field="happenings"
          entries={view.timeline.data?.recent ?? []}
          id={(one) => `${one.at} ${one.what} ${one.about}`}
          at={(one) => one.at}
        >
          {(one) => (
            <li key={`${one.at} ${one.what} ${one.about}`}>
              <time>{dayAndTime(one.at, language)}</time>
              <span>{named(w.events, one.what)}</span>
            </li>
          )}
        </Rest>
      </Section>
      <details>
        <summary>
          {w.consents}
          <span class="quiet">{consents ? ` ${consents.length}` : ` · ${w.unknown}`}</span>
        </summary>
        {!consents && <Unknown because={w.because.contacting} />}
        <ul class="list">
          {consents?.map((one) => (
            <li key={one.consent_id}>
              <time>{dayAndTime(one.said_at, language)}</time>
              <span>
                {named(w.consentStatuses, one.status)} · {named(w.consentChannels, one.channel)} {one.hint}
                <small>
                  {named(w.consentPurposes, one.purpose)} · {named(w.sources, one.source)} · İYS:{" "}
                  {named(w.atIys, one.at_iys)}
                </small>
              </span>
            </li>
          ))}
        </ul>
      </details>
      {person?.roles.some((role) => ANSWERING.includes(role)) && <Sessions customer={view.customer_id} />}
    </div>
  );
}

/** The facts to know at once: each known, none, or unknown and why, as of when and by whom. */
function Facts({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  return (
    <details>
      <summary>
        {w.facts}
        <span class="quiet"> {w.percent(view.completeness)}</span>
      </summary>
      <ul class="list">
        {view.facts.map((one) => (
          <li key={one.fact}>
            <span>
              {named(w.factNames, one.fact)}: {named(w.factStates, one.state)}
              <small>
                {named(w.serviceNames, one.source)}
                {one.as_of && ` · ${w.asOf(dayAndTime(one.as_of, language))}`}
                {one.status !== "fresh" && ` · ${w.notFresh} ${one.reason ?? w.unknown}`}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Who talked with them and how they were verified: for those who answer for it, and on request. */
function Sessions({ customer }: { customer: string }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const [rows, setRows] = useState<SessionRow[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = (event: TargetedEvent<HTMLDetailsElement>): void => {
    if (!event.currentTarget.open) return;
    ask<{ sessions: SessionRow[] }>(`/v1/customers/${customer}/sessions`, { grounds: grounds() }).then(
      (answer) => {
        setRows(answer.body.sessions);
        setTrouble(null);
      },
      (failure: unknown) => setTrouble(told(failure)),
    );
  };
  return (
    <details onToggle={open}>
      <summary>{w.sessions}</summary>
      {trouble && <p class="trouble">{trouble}</p>}
      {!trouble && !rows && <p class="quiet">{w.loading}</p>}
      {rows?.length === 0 && <p class="quiet">{w.none}</p>}
      <ul class="list">
        {rows?.map((one) => (
          <li key={one.session_id}>
            <time>{dayAndTime(one.opened_at, language)}</time>
            <span>
              {one.verified_at
                ? w.verifiedBy(one.verified_by.map((by) => named(w.kinds, by)).join(", "))
                : w.recognised}
              <small>
                {one.held_by} · {w.by}: {one.recognised_by.map((by) => named(w.kinds, by)).join(", ")}
                {one.wrong > 0 && ` · ${w.wrongAnswers(one.wrong)}`}
                {one.ended_at && ` · ${w.endedAt(time(one.ended_at, language))}`}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

type SectionProps = {
  title: string;
  part: Part<unknown> | null;
  count?: number | undefined;
  children: ComponentChildren;
};

function Section({ title, part, count, children }: SectionProps): JSX.Element {
  const w = words();
  return (
    <details>
      <summary>
        {title}
        <span class="quiet">
          {part?.data ? (count === undefined ? "" : ` ${count}`) : isKept(part) ? "" : ` · ${w.unknown}`}
          {part?.status === "last_known" && ` · ${w.lastKnown("")}`}
        </span>
      </summary>
      {part?.data ? children : isKept(part) ? <KeptBack /> : <Unknown because={part?.reason ?? w.unknown} />}
    </details>
  );
}
