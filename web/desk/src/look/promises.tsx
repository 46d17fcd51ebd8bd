/** What somebody was promised: what, who of us keeps it, until when, and whether that is past. */

import type { JSX } from "preact";

import { day, daysSince } from "../format";
import { useDesk } from "../state";
import type { OpenPromise, Promised, View } from "../types";
import { words } from "../words";

/** Those that nobody has kept and whose time is past. */
export function broken(view: View): OpenPromise[] {
  return (view.conversations?.data?.promises ?? []).filter(isPast);
}

function isPast(promise: { due: string }): boolean {
  return Date.parse(promise.due) < Date.now();
}

export function PromiseLine({ promise }: { promise: Promised | OpenPromise }): JSX.Element {
  const w = words();
  const { language } = useDesk();
  const keptAt = "kept_at" in promise ? promise.kept_at : null;
  const past = keptAt === null && isPast(promise);
  return (
    <p class={past ? "promise past" : "promise"}>
      <strong>{w.promisedBy(promise.by)}:</strong> {promise.what} · {w.promiseDue(day(promise.due, language))}
      {past && <em> {w.promisePast(daysSince(promise.due))}</em>}
      {keptAt && <span class="good"> {w.keptAt(day(keptAt, language))}</span>}
    </p>
  );
}
