/** Placing an order, and seeing where one stands. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { openPanel, say, settle, told, track } from "../actions";
import { ask, newKey, type Grounds } from "../api";
import { day, dayAndTime, endOfDay, minorUnits, money } from "../format";
import { foundBy } from "../found-by";
import { desk, grounds } from "../state";
import type { Order } from "../types";
import { Choice, Form, Text, useDraft } from "../ui";
import { named, words } from "../words";

const STEPS = ["placed", "approved", "processing", "shipped", "delivered"];
const CURRENCY = "TRY";

type Line = { product: string; quantity: string; price: string; kdv: string };

const empty = (): Line => ({ product: "", quantity: "1", price: "", kdv: "general" });

export function PlaceOrder(): JSX.Element {
  const w = words();
  const key = useRef(newKey());
  const [draft, set, done] = useDraft("order", () => ({ lines: [empty()], promised: "" }));
  const line = (place: number, part: Partial<Line>): void =>
    set({ lines: draft.lines.map((one, at) => (at === place ? { ...one, ...part } : one)) });
  const missing = (): string | null => {
    if (draft.lines.some((one) => !one.product.trim() || !/^[1-9]\d{0,5}$/.test(one.quantity))) return w.lineNeeded;
    return draft.lines.some((one) => minorUnits(one.price) === null) ? w.priceBad : null;
  };
  const total = draft.lines.reduce((sum, one) => sum + (minorUnits(one.price) ?? 0) * Number(one.quantity || 0), 0);
  const save = async (): Promise<void> => {
    const body = {
      customer_id: desk.customer,
      currency: CURRENCY,
      lines: draft.lines.map((one) => ({
        product: one.product.trim(),
        quantity: Number(one.quantity),
        unit_price: minorUnits(one.price),
        kdv_class: one.kdv,
      })),
      ...(draft.promised ? { promised_at: endOfDay(draft.promised) } : {}),
      ...foundBy(),
    };
    const order = (await ask<Order>("/v1/orders", { body, key: key.current })).body;
    done();
    if (grounds()) track(order.order_id);
    else openPanel(null);
    say("good", w.placed(order.order_id));
    void settle();
  };
  return (
    <Form submit={w.place} missing={missing} send={save}>
      {draft.lines.map((one, place) => (
        <fieldset key={place}>
          <legend>
            {w.lineProduct} {place + 1}
          </legend>
          <Text
            label={w.lineProduct}
            value={one.product}
            set={(product) => line(place, { product })}
            max={100}
            focused={place === draft.lines.length - 1}
          />
          <div class="row">
            <Text
              label={w.quantity}
              value={one.quantity}
              set={(quantity) => line(place, { quantity })}
              mode="numeric"
              max={6}
            />
            <Choice label={w.kdvClass} value={one.kdv} set={(kdv) => line(place, { kdv })} options={w.kdvClasses} />
          </div>
          <Text
            label={w.unitPrice}
            value={one.price}
            set={(price) => line(place, { price })}
            mode="decimal"
            max={20}
          />
          {draft.lines.length > 1 && (
            <button
              class="plain"
              type="button"
              onClick={() => set({ lines: draft.lines.filter((_, at) => at !== place) })}
            >
              {w.removeLine}
            </button>
          )}
        </fieldset>
      ))}
      <button class="plain" type="button" onClick={() => set({ lines: [...draft.lines, empty()] })}>
        {w.addLine}
      </button>
      <Text
        label={w.promisedFor}
        type="date"
        value={draft.promised}
        set={(promised) => set({ promised })}
        optional
      />
      <p class="total">
        {w.total} <strong>{money({ amount: total, currency: CURRENCY }, desk.language)}</strong>
      </p>
    </Form>
  );
}

export function TrackOrder(): JSX.Element {
  const w = words();
  const id = desk.order!;
  const language = desk.language;
  const [order, setOrder] = useState<Order | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    setOrder(null);
    setTrouble(null);
    ask<Order>(`/v1/orders/${id}`, { grounds: grounds() }).then(
      (answer) => gone || setOrder(answer.body),
      (failure: unknown) => gone || setTrouble(told(failure)),
    );
    return () => {
      gone = true;
    };
  }, [id]);
  if (trouble) return <p class="trouble">{trouble}</p>;
  if (!order) return <p class="loading">{w.loading}</p>;
  const move = async (name: string, body: object, done: string): Promise<void> => {
    const why: Grounds = grounds();
    const answer = await ask<Order>(`/v1/orders/${id}/${name}`, { body, grounds: why, version: order.version });
    setOrder(answer.body);
    setReason(null);
    say("good", done);
    void settle();
  };
  const givenUp = ["cancelled", "unavailable"].includes(order.status);
  const steps = givenUp ? [...STEPS.filter((step) => order.reached[step]), order.status] : STEPS;
  const isLight = desk.view?.seen_by?.money === "light"; // this department sees no amounts
  const sum = (amount: number): string => money({ amount, currency: order.currency }, language);
  return (
    <div class="form">
      <p class="quiet break">{order.external_id ?? order.order_id}</p>
      <ol class="steps">
        {steps.map((step) => {
          const at = step === "placed" ? order.ordered_at : order.reached[step];
          const reached = at !== undefined || step === order.status;
          return (
            <li key={step} class={reached ? "reached" : ""} aria-current={step === order.status ? "step" : undefined}>
              {named(w.statuses, step)}
              <small>{at ? dayAndTime(at, language) : reached ? "" : w.notYet}</small>
            </li>
          );
        })}
      </ol>
      <ul class="list">
        {order.lines.map((line, place) => (
          <li key={place}>
            <span>
              {line.quantity} × {line.product}
            </span>
            {!isLight && <span class="right">{sum(line.amount)}</span>}
          </li>
        ))}
      </ul>
      <dl class="facts tight">
        <Pair term={w.promised}>{order.promised_at ? day(order.promised_at, language) : w.noPromise}</Pair>
        {!isLight && (
          <>
            <Pair term={w.amount}>{sum(order.amount)}</Pair>
            <Pair term={w.paid}>{sum(order.paid)}</Pair>
            <Pair term={w.owed}>{sum(order.owed)}</Pair>
          </>
        )}
        <Pair term={w.invoiceNo}>{order.invoice?.number ?? w.notYet}</Pair>
        <Pair term={w.parcel}>{order.tracking ?? w.notYet}</Pair>
      </dl>
      {order.status === "placed" && reason === null && (
        <Form submit={w.approve} send={() => move("approve", {}, w.approved)}>
          {null}
        </Form>
      )}
      {["placed", "approved", "processing"].includes(order.status) &&
        (reason === null ? (
          <button class="plain" type="button" onClick={() => setReason("")}>
            {w.cancelOrder}
          </button>
        ) : (
          <Form
            submit={w.cancelOrder}
            missing={() => (reason.trim() ? null : w.reasonNeededText)}
            send={() => move("cancel", { reason: reason.trim() }, w.cancelled)}
          >
            <Text label={w.cancelWhy} value={reason} set={setReason} max={500} focused />
          </Form>
        ))}
    </div>
  );
}

function Pair({ term, children }: { term: string; children: string }): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
