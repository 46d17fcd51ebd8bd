/** What the search at the top has found, and what else may lead to somebody. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { choose, findByPurchase, openPanel, unsay } from "./actions";
import { isoWeek, spoken } from "./format";
import { useDesk } from "./state";
import { Choice, Form, Text } from "./ui";
import { named, words } from "./words";

export function FoundList(): JSX.Element | null {
  const w = words();
  const { found, known, customer, mode, language } = useDesk();
  const said = mode === "call" ? Object.entries(known) : [];
  if (customer) return null;
  return (
    <>
      {said.length > 0 && (
        <p class="said-so-far">
          {w.saidSoFar}:
          {said.map(([name, value]) => (
            <span class="tag" key={name}>
              {named(w.kinds, name)}: {value}
              <button type="button" aria-label={`${w.forget}: ${named(w.kinds, name)}`} onClick={() => unsay(name)}>
                ×
              </button>
            </span>
          ))}
        </p>
      )}
      {!found && (
        <section class="start">
          <h1>{mode === "call" ? w.startCall : w.startReason}</h1>
          <p>{mode === "call" ? w.startCallMore : w.startReasonMore}</p>
        </section>
      )}
      {found?.kind === "nobody" && (
        <section class="start">
          <h1>{w.nobody}</h1>
          <p>{w.nobodyMore}</p>
          <button class="primary" type="button" onClick={() => openPanel("create")}>
            {w.create}
          </button>
        </section>
      )}
      {found && found.kind !== "nobody" && (
        <section class="start">
          <h1>{w.candidates(found.kind === "recognised" ? found.persons.length : found.candidates.length)}</h1>
          <p>{w.candidatesMore}</p>
          <ol class="candidates">
            {found.kind === "recognised"
              ? found.persons.map((one, place) => (
                  <li key={one.customer_id}>
                    <button type="button" onClick={() => void choose(place)}>
                      <kbd>{place + 1}</kbd>
                      <span>
                        {one.evidence.map((by) => named(w.kinds, by)).join(" + ")}
                        <small>
                          {named(w.strength, one.strength)}
                          {one.language && one.language !== language && ` · ${spoken(one.language, language)}`}
                        </small>
                      </span>
                    </button>
                  </li>
                ))
              : found.candidates.map((one, place) => (
                  <li key={one.customer_id}>
                    <button type="button" onClick={() => void choose(place)}>
                      <kbd>{place + 1}</kbd>
                      <span>
                        {one.display_name ?? w.noName}
                        <small>
                          {w.kinds["district"]}: {one.district ?? w.unknown}
                        </small>
                      </span>
                    </button>
                  </li>
                ))}
          </ol>
          {found.more && <p class="quiet">{w.moreFit}</p>}
        </section>
      )}
      {mode === "call" && <OtherWays />}
    </>
  );
}

/** What somebody still knows who has lost number, card and papers: what they have, and about since when. */
function OtherWays(): JSX.Element {
  const w = words();
  const [product, setProduct] = useState("");
  const [day, setDay] = useState("");
  const [exact, setExact] = useState("week");
  const missing = (): string | null => (product.trim() && day ? null : w.purchaseNeeded);
  return (
    <details class="ways">
      <summary>{w.otherWays}</summary>
      <Form
        submit={w.find}
        missing={missing}
        send={() => findByPurchase(product.trim(), exact === "week" ? isoWeek(day) : day)}
      >
        <p class="hint">{w.purchaseHint}</p>
        <Text label={w.product} value={product} set={setProduct} max={200} />
        <div class="row">
          <Text label={w.boughtAbout} type="date" value={day} set={setDay} />
          <Choice label={w.howExact} value={exact} set={setExact} options={{ week: w.thatWeek, day: w.thatDay }} />
        </div>
      </Form>
    </details>
  );
}
