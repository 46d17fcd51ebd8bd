/** Who serves a person and where, and why. The row is told before anybody is verified. */

import type { JSX } from "preact";

import { money, spoken } from "../format";
import { desk } from "../state";
import type { Care, Serving } from "../types";
import { KeptBack, Unknown } from "../ui";
import { named, words } from "../words";
import { Fact } from "./parts";

type RowProps = {
  care: Serving | null; // null: it could not be told, see `because`
  language: string | null; // that the customer would rather be served in
  because: string | null;
};

export function CareRow({ care, language, because }: RowProps): JSX.Element {
  const w = words();
  if (!care) {
    return (
      <div class="care">
        <dl>
          <Fact term={w.owner}>
            <Unknown because={because ?? w.unknown} />
          </Fact>
        </dl>
      </div>
    );
  }
  const { owner, acting } = care;
  const none = <span class="unknown">{w.noSegment}</span>;
  return (
    <div class="care">
      <dl>
        <Fact term={w.tier}>
          {care.tier ?? none} {care.rank !== null && <small>{w.rank(care.rank)}</small>}
        </Fact>
        <Fact term={w.owner}>
          {owner?.name ?? none} {owner && <small>{named(w.through, owner.through)}</small>}
        </Fact>
        {owner && (
          <Fact term={w.ownerHere}>
            <span class={owner.presence === "here" ? "good" : "warn"}>{named(w.presence, owner.presence)}</span>
          </Fact>
        )}
        {owner && owner.presence !== "here" && (
          <Fact term={w.acting}>
            {acting ? (
              <>
                {acting.name} <small>{named(w.actingAs, acting.acting_as)}</small>
              </>
            ) : (
              <span class="warn">{w.nobodyActs}</span>
            )}
          </Fact>
        )}
        {care.queue && <Fact term={w.queue}>{care.queue}</Fact>}
        {owner?.languages && owner.languages.length > 0 && (
          <Fact term={w.ownerSpeaks}>
            {owner.languages.map((one) => spoken(one, desk.language)).join(", ")}
            {language && !owner.languages.includes(language) && <span class="warn"> {w.notTheirLanguage}</span>}
          </Fact>
        )}
      </dl>
    </div>
  );
}

/** Why somebody is in their segment, and what they are worth. */
export function CareReasons({ care, isKept }: { care: Care; isKept: boolean }): JSX.Element {
  const w = words();
  const figure = (amount: number, currency: string | null): string =>
    currency ? money({ amount, currency }, desk.language) : String(amount);
  return (
    <>
      <li>
        <span>
          {w.assigned}: {care.assigned ? named(w.assignedBy, care.assigned) : w.unknown}
          {care.reason && <small>{care.reason}</small>}
        </span>
      </li>
      <li>
        <span>
          {w.worth}:{" "}
          {isKept ? <KeptBack /> : care.value.map((sum) => money(sum, desk.language)).join(" + ") || w.none}
          {!isKept && <small>{w.worthMore}</small>}
        </span>
      </li>
      {care.groups.map((one) => (
        <li key={one.group}>
          <span>
            {named(w.groups, one.group)}
            {one.reasons.map((why) => (
              <small key={`${why.rule}${why.currency}`}>
                {named(w.groupRules, why.rule)}: {figure(why.found, why.currency)} ≥ {figure(why.bound, why.currency)}
              </small>
            ))}
          </span>
        </li>
      ))}
    </>
  );
}
