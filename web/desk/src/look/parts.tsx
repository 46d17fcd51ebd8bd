/** What several parts of the look are made of. */

import type { ComponentChildren, JSX } from "preact";

import { phone, spoken } from "../format";
import { useDesk } from "../state";
import type { Address } from "../types";
import { words } from "../words";

export function Fact({ term, children }: { term: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Speaks({ language }: { language: string | null }): JSX.Element {
  const w = words();
  const now = useDesk();
  return language ? <>{spoken(language, now.language)}</> : <span class="unknown">{w.unknown}</span>;
}

export function shownPoint(point: { kind: string; value: string }): string {
  return point.kind === "phone" ? phone(point.value) : point.value;
}

export function written(address: Address): string {
  return [address.lines, address.district, address.city, address.postal_code].filter(Boolean).join(", ");
}
