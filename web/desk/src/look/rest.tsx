/**
 * A list of which the look shows the beginning: how many more there are, and the next ones on request,
 * from the list of the service that has them. Of several customer ids each has a list of its own.
 */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

import { told } from "../actions";
import { ask } from "../api";
import { grounds } from "../state";
import type { More, Part, View } from "../types";
import { words } from "../words";

const AT_ONCE = 20;
const PLACE = "{customer_id}";

type Place = { cursor: string | null; last: string };

type RestProps<Entry> = {
  view: View;
  part: Part<unknown> | null;
  list: string; // its name in the part
  route: string; // that lists them, for what was shortened and not left out
  field: string; // of the answer
  entries: Entry[];
  id: (entry: Entry) => string;
  at: (entry: Entry) => string; // they are listed by it, the newest first
  children: (entry: Entry) => ComponentChildren;
};

export function Rest<Entry>(props: RestProps<Entry>): JSX.Element {
  const w = words();
  const { view, part, list, route, field, entries, id, at, children } = props;
  const [loaded, setLoaded] = useState<Entry[]>([]);
  const [places, setPlaces] = useState<Record<string, Place>>({});
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const more = part?.more?.[list];
  const shortened = part?.shortened ?? 0;
  const ids = view.customer_ids ?? [view.customer_id];
  const open = ids.filter((one) => places[one]?.cursor !== null);
  const begun = open.map((one) => places[one]?.last ?? "").filter(Boolean);
  // Behind the last of a list that goes on, there may be some of it between those of the others.
  const horizon = begun.sort().at(-1) ?? "";
  const known = new Map((shortened ? [...entries, ...loaded] : [...loaded, ...entries]).map((one) => [id(one), one]));
  const all = [...known.values()];
  if (loaded.length && ids.length > 1) all.sort((one, other) => at(other).localeCompare(at(one)));
  const shown = all.filter((one) => ids.length === 1 || at(one) >= horizon);
  const left = more?.left_out == null ? null : more.left_out - (shown.length - entries.length);
  const isOver = !open.length || (!more && !shortened) || (left !== null && left <= 0 && loaded.length > 0);

  const load = async (): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      const pages = await Promise.all(open.map((one) => page(one, more?.next ?? route, places[one]?.cursor ?? null)));
      const found = pages.map((one) => one[field] as Entry[]);
      const next = open.map((one, n): [string, Place] => {
        const last = found[n]?.at(-1);
        const cursor = (pages[n]?.["cursor"] ?? null) as string | null;
        return [one, { cursor, last: last ? at(last) : "" }];
      });
      setLoaded((before) => [...before, ...found.flat()]);
      setPlaces((before) => ({ ...before, ...Object.fromEntries(next) }));
    } catch (failure) {
      setTrouble(told(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <ul class="list">{shown.map(children)}</ul>
      {shortened > 0 && !loaded.length && <p class="quiet">{w.shortened(shortened)}</p>}
      {!isOver && (
        <p class="rest">
          {more && <span>{left === null ? w.moreThere : w.andMore(left)}</span>}
          <button class="plain" type="button" disabled={busy} onClick={() => void load()}>
            {busy ? w.loading : w.showMore}
          </button>
        </p>
      )}
      {trouble && <p class="trouble">{trouble}</p>}
    </>
  );
}

/** The next page of one customer id's list. */
async function page(customer: string, route: string, cursor: string | null): Promise<Record<string, unknown>> {
  const url = new URL(route.replace(PLACE, customer), location.origin);
  url.searchParams.set("limit", String(AT_ONCE));
  if (cursor) url.searchParams.set("cursor", cursor);
  return (await ask<Record<string, unknown>>(url.pathname + url.search, { grounds: grounds() })).body;
}

/** That a list of the look has more entries than there was room for. */
export function Left({ more, beyond = 0 }: { more: More | undefined; beyond?: number }): JSX.Element | null {
  const w = words();
  if (more && more.left_out === null) return <span class="quiet">{w.moreThere}</span>;
  const left = beyond + (more?.left_out ?? 0);
  return left > 0 ? <span class="quiet">{w.andMore(left)}</span> : null;
}
