/** The one look: what whoever answers must see, in the order in which they need it. */

import type { ComponentChildren, JSX } from "preact";

import { track } from "./actions";
import { day, dayAndTime, daysSince, money, phone, spoken, time } from "./format";
import { promiseIn, withoutPromise } from "./promise";
import { useDesk, type Desk } from "./state";
import type { Address, Care, ComplaintRow, ContactPoint, OrderBrief, Part, Unit, View } from "./types";
import { Card, Unknown } from "./ui";
import { named, words } from "./words";

const PARTS = [
  "customer",
  "orders",
  "payments",
  "risk",
  "complaints",
  "products",
  "conversations",
  "timeline",
] as const;

export function Look(): JSX.Element | null {
  const desk = useDesk();
  if (desk.session?.state === "recognised") return <Recognised desk={desk} />;
  if (!desk.view) return desk.customer ? <p class="loading">{words().loading}</p> : null;
  return <Known desk={desk} view={desk.view} />;
}

/** A call with somebody who is recognised and no more: what serves them, and nothing of theirs. */
function Recognised({ desk }: { desk: Desk }): JSX.Element {
  const w = words();
  const session = desk.session!;
  const by = session.recognised_by.map((one) => named(w.kinds, one)).join(", ");
  return (
    <>
      <section class="identity">
        <div class="who">
          <h1>{w.caller}</h1>
          <span class="badge warn">{w.recognised}</span>
        </div>
        <p class="quiet">{w.recognisedMore}</p>
        <dl class="facts">
          <Fact term={w.by}>{by}</Fact>
          <Fact term={w.speaks}>
            <Speaks language={session.serves.language} />
          </Fact>
        </dl>
      </section>
      <CareRow care={session.serves} />
    </>
  );
}

function Known({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  return (
    <>
      <Identity desk={desk} view={view} />
      <CareRow care={view.customer.data?.care ?? null} />
      <Alarms desk={desk} view={view} />
      <div class="cards">
        <Pending view={view} />
        <UnitCard view={view} />
        <Contact view={view} />
        <Next view={view} />
        <Purchase view={view} />
        <Payment view={view} />
        <Donts view={view} />
      </div>
      <Details view={view} />
    </>
  );
}

function Identity({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  const w = words();
  const customer = view.customer.data;
  const fresh = PARTS.filter((part) => view[part]?.status === "fresh").length;
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
            <Points points={customer.contact_points} />
          </Fact>
          <Fact term={w.addresses}>
            {customer.addresses[0] ? written(customer.addresses[0]) : <span class="unknown">{w.unknown}</span>}
          </Fact>
          {customer.relations.map((one) => (
            <Fact key={one.relation_id} term={one.kind === "firm" ? w.firm : w.household}>
              {w.ofSeveral(one.count)}
            </Fact>
          ))}
        </dl>
      )}
      {view.newly_joined.length > 0 && <p class="notice">{w.newlyJoined(view.newly_joined.length)}</p>}
      <p class="standing">
        <span class="dots" aria-hidden="true">
          {PARTS.map((part) => (
            <i key={part} class={view[part]?.status ?? "missing"} title={w.parts[part]} />
          ))}
        </span>
        {w.completeness(fresh, PARTS.length)}
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

function CareRow({ care }: { care: Care | null }): JSX.Element {
  const w = words();
  const unknown = <span class="unknown">{w.unknown}</span>;
  const isTold = [care?.tier, care?.owner, care?.owner_here].some((one) => one !== undefined && one !== null);
  const here = care?.owner_here;
  const away = care?.deputy ? w.awayDeputy(care.deputy) : w.away;
  return (
    <div class="care">
      <dl>
        <Fact term={w.tier}>{care?.tier ?? unknown}</Fact>
        <Fact term={w.owner}>{care?.owner ?? unknown}</Fact>
        <Fact term={w.ownerHere}>{here === undefined || here === null ? unknown : here ? w.here : away}</Fact>
        {care?.queue && <Fact term={w.queue}>{care.queue}</Fact>}
      </dl>
      {!isTold && (
        <p class="unknown">
          {w.becauseWord} {w.because.care}
        </p>
      )}
    </div>
  );
}

/** The red strip: danger first, then what is open, then what we promised and did not keep. */
function Alarms({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  const w = words();
  const language = desk.language;
  const lines: { key: string; sort: number; tone: "red" | "amber"; label: string; text: string }[] = [];
  const rows = desk.complaints?.filter((row) => row.status !== "resolved") ?? null;
  const title = (row: { title: string }): string => row.title || w.none;
  if (rows) {
    for (const row of rows) lines.push(ofComplaint(row, title(row)));
  } else {
    for (const one of view.complaints.data?.open ?? []) {
      const text = `${title(one)} · ${day(one.opened_at, language)} · ${w.unknownBecause} ${w.because.late}`;
      lines.push({ key: one.complaint_id, sort: 1, tone: "red", label: w.openComplaint, text });
    }
  }
  for (const order of view.orders.data?.pending ?? []) {
    const late = order.promised_at ? daysSince(order.promised_at) : 0;
    if (late > 0) {
      const text = `${order.external_id ?? order.order_id} · ${w.promised}: ${day(order.promised_at!, language)} · ${w.daysLate(late)}`;
      lines.push({ key: order.order_id, sort: 2, tone: "red", label: w.broken, text });
    }
  }
  lines.sort((one, other) => one.sort - other.sort);
  const missing = ([view.complaints, view.orders] as Part<unknown>[]).filter((part) => !part.data);
  if (!lines.length && !missing.length) return <p class="calm">{w.noAlarm}</p>;
  return (
    <ul class="alarms">
      {lines.map((line) => (
        <li key={line.key} class={line.tone}>
          <strong>{line.label}</strong>
          <span>{line.text}</span>
        </li>
      ))}
      {missing.map((part) => (
        <li key={part === view.orders ? "orders" : "complaints"} class="amber">
          <strong>{part === view.orders ? w.orders : w.complaints}</strong>
          <span>
            {w.unknownBecause} {part.reason}
          </span>
        </li>
      ))}
    </ul>
  );

  function ofComplaint(row: ComplaintRow, text: string): (typeof lines)[number] {
    const safety = row.seriousness === "safety";
    const due = row.due_at ? w.dueAt(dayAndTime(row.due_at, language)) : "";
    const late = row.late ? `${due}, ${w.answerLate}` : due;
    const parts = [text, day(row.opened_at, language), named(w.statuses, row.status), late];
    const label = safety ? w.safety : row.late ? `${w.openComplaint} · ${w.broken}` : w.openComplaint;
    return {
      key: row.complaint_id,
      sort: safety ? 0 : 1,
      tone: "red",
      label,
      text: parts.filter(Boolean).join(" · "),
    };
  }
}

function Pending({ view }: { view: View }): JSX.Element {
  const w = words();
  return (
    <Card title={w.pending} part={view.orders}>
      {(orders) => {
        const [first, ...others] = [...orders.pending].sort(byPromise);
        if (!first) return <p>{w.noPending}</p>;
        return (
          <>
            <OrderLine order={first} />
            {others.slice(0, 2).map((order) => (
              <OrderLine key={order.order_id} order={order} />
            ))}
            {others.length > 2 && <p class="quiet">{w.andMore(others.length - 2)}</p>}
          </>
        );
      }}
    </Card>
  );
}

/** What was promised first stands first; what nothing was promised for, last. */
function byPromise(one: OrderBrief, other: OrderBrief): number {
  return (one.promised_at ?? "9").localeCompare(other.promised_at ?? "9");
}

function OrderLine({ order }: { order: OrderBrief }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const late = order.promised_at ? daysSince(order.promised_at) : null;
  return (
    <div class="line">
      <button class="link" type="button" onClick={() => track(order.order_id)}>
        {order.external_id ?? order.order_id.slice(0, 12)}
      </button>
      <span class="tag">{named(w.statuses, order.status)}</span>
      {late !== null && (
        <strong class={late > 0 ? "late" : "quiet"}>
          {late > 0 ? w.daysLate(late) : late === 0 ? w.dueToday : w.inDays(-late)}
        </strong>
      )}
      <small>
        {w.promised}: {order.promised_at ? day(order.promised_at, language) : w.noPromise}
      </small>
    </div>
  );
}

function UnitCard({ view }: { view: View }): JSX.Element {
  const w = words();
  return (
    <Card title={w.unit} part={view.products}>
      {(products) => {
        const [first] = products.units;
        return (
          <>
            {first ? <UnitLine unit={first} /> : <p>{w.noUnit}</p>}
            {products.count > 1 && <p class="quiet">{w.andMore(products.count - 1)}</p>}
            <p class="quiet">
              {w.repairs}: <Unknown because={w.because.repairs} />
            </p>
          </>
        );
      }}
    </Card>
  );
}

function UnitLine({ unit }: { unit: Unit }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const over = unit.covered_until !== null && daysSince(unit.covered_until) > 0;
  const cover = unit.covered_until ? (over ? w.coverOver : w.coveredUntil)(day(unit.covered_until, language)) : null;
  return (
    <div class="line">
      <strong>{unit.product ?? w.unknown}</strong>
      <span class="tag">{named(w.statuses, unit.state)}</span>
      <span class={over ? "over" : cover ? "good" : "unknown"}>{cover ?? w.coverUnknown}</span>
      {unit.serial && (
        <small>
          {w.serialNo} {unit.serial}
        </small>
      )}
    </div>
  );
}

function Contact({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  return (
    <Card title={w.lastContact} part={view.conversations}>
      {(conversations) => {
        const [last] = conversations.recent;
        if (!last) return <p>{w.noContact}</p>;
        const promises = conversations.recent.map(promiseIn).filter((one) => one !== null);
        const [promise] = promises;
        const past = promise ? daysSince(promise.by) > 0 : false;
        return (
          <>
            <p class="said">{withoutPromise(last.summary) || w.none}</p>
            <p class="quiet">
              {dayAndTime(last.at, language)} · {named(w.channels, last.channel)} ·{" "}
              {last.direction === "in" ? w.directionIn : w.directionOut}
              {last.with && ` · ${last.with}`}
            </p>
            {promise && (
              <p class={past ? "promise past" : "promise"}>
                <strong>{w.promisedBy(promise.who)}:</strong> {promise.what} ·{" "}
                {w.promiseDue(day(promise.by, language))}
                {past && <em> {w.promisePast}</em>}
              </p>
            )}
          </>
        );
      }}
    </Card>
  );
}

function Next({ view }: { view: View }): JSX.Element {
  const w = words();
  return (
    <section class="card" aria-labelledby="next">
      <header>
        <h2 id="next">{w.nextStep}</h2>
      </header>
      {view.next_step ? (
        <>
          <p>
            <strong>{view.next_step.what}</strong>
          </p>
          <p class="quiet">{view.next_step.why}</p>
        </>
      ) : (
        <Unknown because={w.because.next} />
      )}
    </section>
  );
}

function Purchase({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  return (
    <Card title={w.lastPurchase} part={view.orders}>
      {(orders) => {
        const last = orders.last_order;
        if (!last) return <p>{w.noPurchase}</p>;
        const items = last.items.map((one) => (one.quantity > 1 ? `${one.quantity} × ${one.product}` : one.product));
        return (
          <>
            <p>
              <strong>{items.join(", ") || w.unknown}</strong>
            </p>
            <p class="quiet">
              {day(last.ordered_at, language)} · {named(w.statuses, last.status)} ·{" "}
              <button class="link" type="button" onClick={() => track(last.order_id)}>
                {last.external_id ?? last.order_id.slice(0, 12)}
              </button>
            </p>
            <p class="quiet">
              {w.count(orders.count)}
              {orders.totals.map((sum) => ` · ${money(sum, language)}`)}
            </p>
          </>
        );
      }}
    </Card>
  );
}

function Payment({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const risk = view.risk?.data;
  return (
    <Card title={w.payment} part={view.payments}>
      {(payments) => (
        <>
          <p class="light">
            {risk ? (
              <>
                <i class={`lamp ${risk.band}`} aria-hidden="true" />
                <strong>{named(w.payments, risk.band)}</strong>
              </>
            ) : (
              <Unknown because={view.risk?.reason ?? w.unknown} />
            )}
            <span>
              {payments.owed.length
                ? payments.owed.map((sum) => w.owes(money(sum, language))).join(", ")
                : w.owesNothing}
            </span>
          </p>
          {view.risk?.status === "last_known" && view.payments.status === "fresh" && view.risk.as_of && (
            <span class="tag old">{w.lastKnown(dayAndTime(view.risk.as_of, language))}</span>
          )}
          {risk?.reasons.map((reason) => (
            <p key={reason} class="quiet">
              {named(w.riskReasons, reason)}
            </p>
          ))}
          {payments.methods.length > 0 && (
            <p class="quiet">
              {w.paysBy}: {payments.methods.map((one) => `${named(w.methods, one.method)} (${one.count})`).join(", ")}
            </p>
          )}
        </>
      )}
    </Card>
  );
}

function Donts({ view }: { view: View }): JSX.Element {
  const w = words();
  return (
    <Card title={w.donts} part={view.customer}>
      {(customer) => (
        <ul class="plain">
          {customer.contact_points
            .filter((point) => point.state !== "in_use")
            .map((point) => (
              <li key={point.value} class="dont">
                {(point.state === "stolen" ? w.stolenPoint : w.lostPoint)(shownPoint(point))}
              </li>
            ))}
          {customer.lost_to && <li class="dont">{w.lostTo(customer.lost_to)}</li>}
          <li>
            <Unknown because={w.because.consent} />
          </li>
        </ul>
      )}
    </Card>
  );
}

/** All that is listed, for whoever has a minute more. */
function Details({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language, complaints } = useDesk();
  const status = new Map(complaints?.map((row) => [row.complaint_id, row]));
  return (
    <div class="details">
      <Section title={w.orders} part={view.orders} count={view.orders.data?.count}>
        {view.orders.data?.recent.map((order) => (
          <li key={order.order_id}>
            <time>{day(order.ordered_at, language)}</time>
            <button class="link" type="button" onClick={() => track(order.order_id)}>
              {order.external_id ?? order.order_id}
            </button>
            <span class="tag">{named(w.statuses, order.status)}</span>
          </li>
        ))}
      </Section>
      <Section title={w.complaints} part={view.complaints} count={view.complaints.data?.count}>
        {view.complaints.data?.recent.map((one) => (
          <li key={one.complaint_id}>
            <time>{day(one.opened_at, language)}</time>
            <span>{one.title || w.none}</span>
            <span class="tag">
              {named(w.statuses, status.get(one.complaint_id)?.status ?? one.status ?? "")}
            </span>
          </li>
        ))}
      </Section>
      <Section title={w.products} part={view.products} count={view.products.data?.count}>
        {view.products.data?.units.map((unit) => (
          <li key={unit.unit_id}>
            <UnitLine unit={unit} />
          </li>
        ))}
      </Section>
      <Section title={w.conversations} part={view.conversations} count={view.conversations?.data?.count}>
        {view.conversations?.data?.recent.map((one, place) => (
          <li key={place} class="talk">
            <time>{dayAndTime(one.at, language)}</time>
            <span>
              {one.summary || w.none}
              <small>
                {named(w.channels, one.channel)}
                {one.with && ` · ${one.with}`}
              </small>
            </span>
          </li>
        ))}
      </Section>
      <Section title={w.timeline} part={view.timeline}>
        {view.timeline.data?.recent.map((one, place) => (
          <li key={place}>
            <time>{dayAndTime(one.at, language)}</time>
            <span>{named(w.events, one.what)}</span>
          </li>
        ))}
      </Section>
    </div>
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
          {part?.data ? (count === undefined ? "" : ` ${count}`) : ` · ${w.unknown}`}
          {part?.status === "last_known" && ` · ${w.lastKnown("")}`}
        </span>
      </summary>
      {part?.data ? <ul class="list">{children}</ul> : <Unknown because={part?.reason ?? w.unknown} />}
    </details>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Speaks({ language }: { language: string | null }): JSX.Element {
  const w = words();
  const now = useDesk();
  return language ? <>{spoken(language, now.language)}</> : <span class="unknown">{w.unknown}</span>;
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

export function shownPoint(point: { kind: string; value: string }): string {
  return point.kind === "phone" ? phone(point.value) : point.value;
}

export function written(address: Address): string {
  return [address.lines, address.district, address.city, address.postal_code].filter(Boolean).join(", ");
}
