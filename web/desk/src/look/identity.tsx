/** Who it is, how to address and reach them, and how far all that is shown can be relied on. */

import type { JSX } from "preact";

import { day, dayAndTime, time } from "../format";
import type { Desk } from "../state";
import type { ContactPoint, View } from "../types";
import { Unknown } from "../ui";
import { named, words } from "../words";
import { Fact, shownPoint, Speaks, written } from "./parts";
import { Left } from "./rest";

export function Identity({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  const w = words();
  const customer = view.customer.data;
  const unsure = view.facts.filter((one) => one.state === "unknown" || one.status !== "fresh");
  return (
    <section class="identity">
      <div class="who">
        <h1>{customer?.name ?? (customer ? w.noName : view.customer_id)}</h1>
        {desk.session ? (
          <span class="badge good">
            {w.verified} <small>{w.verifiedUntil(time(desk.session.until, desk.language))}</small>
          </span>
        ) : (
          <span class="badge">
            {w.notNeeded} <small>{(w.reasons[desk.reason] ?? "").split(":")[0]}</small>
          </span>
        )}
        {view.customer.status === "last_known" && (
          <span class="tag old">
            {w.lastKnown(view.customer.as_of ? dayAndTime(view.customer.as_of, desk.language) : "?")}
          </span>
        )}
      </div>
      {!customer && <Unknown because={view.customer.reason ?? w.unknown} />}
      {customer && (
        <dl class="facts">
          <Fact term={w.address}>{customer.name ? w.noTitle : w.noName}</Fact>
          <Fact term={w.speaks}>
            <Speaks language={customer.language} />
          </Fact>
          <Fact term={w.since}>{w.sinceDay(day(customer.since, desk.language))}</Fact>
          <Fact term={w.reach}>
            <Points points={customer.contact_points} />{" "}
            <Left more={view.customer.more?.["contact_points"]} />
          </Fact>
          <Fact term={w.addresses}>
            {customer.addresses[0] ? written(customer.addresses[0]) : <span class="unknown">{w.unknown}</span>}{" "}
            <Left more={view.customer.more?.["addresses"]} beyond={Math.max(0, customer.addresses.length - 1)} />
          </Fact>
          {customer.relations.map((one) => (
            <Fact key={one.relation_id} term={one.kind === "firm" ? w.firm : w.household}>
              {w.ofSeveral(one.count)}
            </Fact>
          ))}
        </dl>
      )}
      {view.brief && <p class="brief">{view.brief}</p>}
      {view.newly_joined.length > 0 && <p class="notice">{w.newlyJoined(view.newly_joined.length)}</p>}
      <p class="standing">
        <span class="dots" aria-hidden="true">
          {view.facts.map((one) => (
            <i key={one.fact} class={one.status} title={named(w.factNames, one.fact)} />
          ))}
        </span>
        {w.completeness(view.completeness)}
        {view.seen_by && view.seen_by.view !== "whole" && ` · ${w.viewOf}: ${named(w.views, view.seen_by.view)}`}
        {unsure.length > 0 && ` · ${w.unsure}: ${unsure.map((one) => named(w.factNames, one.fact)).join(", ")}`}
        {" · "}
        {desk.stale ? (
          <strong class="warn">{w.notChecked}</strong>
        ) : (
          w.checked(time(new Date(desk.seen).toISOString(), desk.language))
        )}
      </p>
    </section>
  );
}

function Points({ points }: { points: ContactPoint[] }): JSX.Element {
  const w = words();
  if (!points.length) return <span class="unknown">{w.unknown}</span>;
  return (
    <span class="points">
      {points.map((point) => (
        <span key={point.value} class={point.state === "in_use" ? "" : "gone"}>
          {shownPoint(point)}
          {point.state !== "in_use" && ` (${named(w.statuses, point.state)})`}
        </span>
      ))}
    </span>
  );
}
