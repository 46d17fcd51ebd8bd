/** The cards of the look: what is pending, what they have, what was said, what to do next. */

import type { ComponentChildren, JSX } from "preact";

import { openPanel, track } from "../actions";
import { day, dayAndTime, daysSince, money } from "../format";
import { useDesk } from "../state";
import type { OrderBrief, Unit, View } from "../types";
import { Card, isKept, KeptBack, Unknown } from "../ui";
import { named, words } from "../words";
import { PromiseLine } from "./promises";
import { Left } from "./rest";

const MOST_PROMISES = 2; // on the card; all of them in their panel

export function Pending({ view }: { view: View }): JSX.Element {
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
            <Left more={view.orders.more?.["pending"]} beyond={Math.max(0, others.length - 2)} />
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

export function UnitCard({ view }: { view: View }): JSX.Element {
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

export function UnitLine({ unit }: { unit: Unit }): JSX.Element {
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

export function Contact({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  return (
    <Card title={w.lastContact} part={view.conversations}>
      {(conversations) => {
        const [last] = conversations.recent;
        if (!last)
          return (
            <>
              <p>{w.noContact}</p>
              <Silence view={view} />
            </>
          );
        const open = conversations.promises ?? [];
        const more = (conversations.open_promises ?? 0) - Math.min(open.length, MOST_PROMISES);
        return (
          <>
            <p class="said">{last.summary || w.none}</p>
            <p class="quiet">
              {dayAndTime(last.at, language)} · {named(w.channels, last.channel)} ·{" "}
              {last.direction === "in" ? w.directionIn : w.directionOut}
              {last.with && ` · ${last.with}`}
            </p>
            {last.promise?.kept_at && <PromiseLine promise={last.promise} />}
            {open.slice(0, MOST_PROMISES).map((one) => (
              <PromiseLine key={one.conversation_id} promise={one} />
            ))}
            {more > 0 && <p class="quiet">{w.andMore(more)}</p>}
            {open.length > 0 && (
              <button class="plain" type="button" onClick={() => openPanel("promises")}>
                {w.promises} <kbd>P</kbd>
              </button>
            )}
            <Silence view={view} />
          </>
        );
      }}
    </Card>
  );
}

/** For how long nobody had a word with them, where that is too long; and what was offered last. */
function Silence({ view }: { view: View }): JSX.Element | null {
  const w = words();
  const { language } = useDesk();
  const engagement = view.engagement?.data;
  if (!engagement) return null;
  const [offer] = engagement.offers;
  return (
    <>
      {engagement.silence_days !== null && engagement.band !== "cared_for" && (
        <p class="promise past">{w.silentFor(engagement.silence_days)}</p>
      )}
      {engagement.advocate && engagement.praised && (
        <p class="promise">{w.advocate(day(engagement.praised, language))}</p>
      )}
      {offer && (
        <p class="quiet">
          {w.lastOffer}: {day(offer.at, language)} · {named(w.channels, offer.channel)}
        </p>
      )}
    </>
  );
}

/** What rules hold for the most urgent, and what it is about. */
export function Next({ view }: { view: View }): JSX.Element {
  const w = words();
  const step = view.next_step;
  return (
    <section class="card" aria-labelledby="next">
      <header>
        <h2 id="next">{w.nextStep}</h2>
      </header>
      {step ? (
        <>
          <p>
            <strong>{step.reason}</strong>
          </p>
          {step.about && <About id={step.about} view={view} />}
          <Parts named={step.because["parts"]} />
        </>
      ) : (
        <Unknown because={w.unknown} />
      )}
    </section>
  );
}

/** What a step is about: an order to be tracked, or a complaint by its title. */
function About({ id, view }: { id: string; view: View }): JSX.Element | null {
  const w = words();
  const order = view.orders.data?.pending.find((one) => one.order_id === id);
  const complaint = view.complaints.data?.open.find((one) => one.complaint_id === id);
  if (order) return <OrderLine order={order} />;
  return complaint ? <p class="quiet">{complaint.title || w.none}</p> : null;
}

function Parts({ named: parts }: { named: unknown }): JSX.Element | null {
  const w = words();
  if (!Array.isArray(parts)) return null;
  return <p class="quiet">{parts.map((one) => named(w.parts, String(one))).join(", ")}</p>;
}

export function Purchase({ view }: { view: View }): JSX.Element {
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
              <strong>{items.join(", ") || w.unknown}</strong>{" "}
              <Left more={view.orders.more?.["last_order.items"]} />
            </p>
            <p class="quiet">
              {day(last.ordered_at, language)} · {named(w.statuses, last.status)} ·{" "}
              <button class="link" type="button" onClick={() => track(last.order_id)}>
                {last.external_id ?? last.order_id.slice(0, 12)}
              </button>
            </p>
            <p class="quiet">
              {w.count(orders.count)}
              {orders.totals?.map((sum) => ` · ${money(sum, language)}`)}
              {isKept(view.orders, "totals") && <> · {<KeptBack />}</>}
            </p>
          </>
        );
      }}
    </Card>
  );
}

const BANDS = { green: "low", amber: "medium", red: "high" } as const;

export function Payment({ view }: { view: View }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  if (isKept(view.payments))
    return (
      <section class="card" aria-labelledby="payment">
        <header>
          <h2 id="payment">{w.payment}</h2>
        </header>
        <Light view={view}>{w.amountsKept}</Light>
      </section>
    );
  return (
    <Card title={w.payment} part={view.payments}>
      {(payments) => (
        <>
          <Light view={view}>
            {payments.owed.length
              ? payments.owed.map((sum) => w.owes(money(sum, language))).join(", ")
              : !isKept(view.payments, "owed") && w.owesNothing}
          </Light>
          {view.risk?.data?.reasons.map((reason) => (
            <p key={reason} class="quiet">
              {named(w.riskReasons, reason)}
            </p>
          ))}
          <Left more={view.risk?.more?.["reasons"]} />
          {payments.methods.length > 0 && (
            <p class="quiet">
              {w.paysBy}: {payments.methods.map((one) => `${named(w.methods, one.method)} (${one.count})`).join(", ")}{" "}
              <Left more={view.payments.more?.["methods"]} />
            </p>
          )}
        </>
      )}
    </Card>
  );
}

/** The traffic light for payment: that of the view where it tells one, else the band of the risk. */
function Light({ view, children }: { view: View; children: ComponentChildren }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const { payment_light: light, risk } = view;
  const band = light ? light.light && BANDS[light.light] : risk?.data?.band;
  const isOld = light ? light.status === "last_known" : risk?.status === "last_known";
  return (
    <>
      <p class="light">
        {band ? (
          <>
            <i class={`lamp ${band}`} aria-hidden="true" />
            <strong>{named(w.payments, band)}</strong>
          </>
        ) : (
          <Unknown because={risk?.reason ?? w.unknown} />
        )}
        <span>{children}</span>
      </p>
      {light?.because && <p class="quiet">{named(w.lightBecause, light.because)}</p>}
      {isOld && view.payments.status === "fresh" && risk?.as_of && (
        <span class="tag old">{w.lastKnown(dayAndTime(risk.as_of, language))}</span>
      )}
    </>
  );
}
