/** By what whoever is on the screen was found. Nothing where they were named by their own id. */

import { desk } from "./state";

// The first of these that was said: what is one's own before what others may have.
const KINDS = ["external_id", "tax_id", "order_id", "serial", "email", "phone", "name"] as const;
const ONES_OWN: readonly string[] = ["external_id", "order_id", "serial"];

export type FoundBy = { found_by?: { kind: (typeof KINDS)[number]; shared: boolean } };

/**
 * As the services keep it beside what is written now. Of somebody who is in the books more than once
 * each entry may have it: should they turn out to be several, somebody is asked whose it was.
 */
export function foundBy(): FoundBy {
  const kind = KINDS.find((one) => desk.known[one]);
  if (!kind) return {};
  const several = (desk.view?.customer.data?.links.length ?? 0) > 0;
  return { found_by: { kind, shared: several && !ONES_OWN.includes(kind) } };
}
