/** The red strip: danger first, then what is open, then what we promised and did not keep. */

import type { JSX } from "preact";

import { day, dayAndTime, daysSince } from "../format";
import type { Desk } from "../state";
import type { ComplaintBrief, OpenPromise, OrderBrief, View } from "../types";
import { isKept } from "../ui";
import { named, words } from "../words";
import { broken } from "./promises";

type Line = { key: string; sort: number; label: string; text: string };

export function Alarms({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  const w = words();
  const language = desk.language;
  const statuses = new Map(view.complaints.data?.recent.map((one) => [one.complaint_id, one.status]));
  const lines = [
    ...(view.complaints.data?.open ?? []).map(ofComplaint),
    ...(view.orders.data?.pending ?? []).flatMap(ofOrder),
    ...broken(view).map(ofPromise),
    ...ofFact(),
  ].sort((one, other) => one.sort - other.sort);
  const unknown = [
    { title: w.complaints, part: view.complaints },
    { title: w.orders, part: view.orders },
    ...(view.conversations ? [{ title: w.promises, part: view.conversations }] : []),
  ].filter(({ part }) => !part.data && !isKept(part));
  const rest = [
    { title: w.openComplaint, more: view.complaints.more?.["open"] },
    { title: w.pending, more: view.orders.more?.["pending"] },
    { title: w.promises, more: view.conversations?.more?.["promises"] },
  ].filter(({ more }) => more);
  if (!lines.length && !unknown.length && !rest.length) return <p class="calm">{w.noAlarm}</p>;
  return (
    <ul class="alarms">
      {lines.map((line) => (
        <li key={line.key} class="red">
          <strong>{line.label}</strong>
          <span>{line.text}</span>
        </li>
      ))}
      {rest.map(({ title, more }) => (
        <li key={title} class="amber">
          <strong>{title}</strong>
          <span>{more?.left_out == null ? w.moreThere : w.andMore(more.left_out)}</span>
        </li>
      ))}
      {unknown.map(({ title, part }) => (
        <li key={title} class="amber">
          <strong>{title}</strong>
          <span>
            {w.unknownBecause} {part.reason}
          </span>
        </li>
      ))}
    </ul>
  );

  function ofComplaint(one: ComplaintBrief): Line {
    const safety = one.seriousness === "safety";
    const late = one.due_at !== null && Date.parse(one.due_at) < Date.now();
    const due = one.due_at ? w.dueAt(dayAndTime(one.due_at, language)) : "";
    const status = statuses.get(one.complaint_id);
    const grave = one.seriousness === "serious" ? named(w.seriousnesses, "serious") : "";
    const parts = [
      one.title || w.none,
      day(one.opened_at, language),
      status ? named(w.statuses, status) : "",
      grave,
      late ? `${due}, ${w.answerLate}` : due,
    ];
    return {
      key: one.complaint_id,
      sort: safety ? 0 : late ? 1 : 2,
      label: safety ? w.safety : late ? `${w.openComplaint} · ${w.broken}` : w.openComplaint,
      text: parts.filter(Boolean).join(" · "),
    };
  }

  function ofOrder(order: OrderBrief): Line[] {
    const late = order.promised_at ? daysSince(order.promised_at) : 0;
    if (late <= 0) return [];
    const promised = `${w.promised}: ${day(order.promised_at!, language)}`;
    const text = `${order.external_id ?? order.order_id} · ${promised} · ${w.daysLate(late)}`;
    return [{ key: order.order_id, sort: 3, label: w.broken, text }];
  }

  /** Who is told no conversations is told the fact: so many promises are open, so many days late. */
  function ofFact(): Line[] {
    const told = view.facts.find((one) => one.fact === "talked_about")?.value;
    const days = Number(told?.["days_late"] ?? 0);
    if (view.conversations?.data || days <= 0) return [];
    const text = `${w.openPromises(Number(told?.["promises"]))} · ${w.promisePast(days)}`;
    return [{ key: "promises", sort: 3, label: w.broken, text }];
  }

  function ofPromise(one: OpenPromise): Line {
    const due = w.promiseDue(day(one.due, language));
    const text = `${one.what} · ${one.by} · ${due} · ${w.promisePast(daysSince(one.due))}`;
    return { key: one.conversation_id, sort: 3, label: w.broken, text };
  }
}
