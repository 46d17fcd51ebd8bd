/** The one look: what whoever answers must see, in the order in which they need it. */

import type { JSX } from "preact";

import { useDesk, type Desk } from "../state";
import type { View } from "../types";
import { named, words } from "../words";
import { Alarms } from "./alarms";
import { Ballots } from "./ballots";
import { CareRow } from "./care";
import { Contact, Next, Payment, Pending, Purchase, UnitCard } from "./cards";
import { Details } from "./details";
import { Donts } from "./donts";
import { Identity } from "./identity";
import { Fact, Speaks } from "./parts";

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
      <CareRow care={session.serves} language={session.serves.language} because={null} />
    </>
  );
}

function Known({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  return (
    <>
      <Identity desk={desk} view={view} />
      <CareRow
        care={view.care?.data ?? null}
        language={view.customer.data?.language ?? null}
        because={view.care?.reason ?? null}
      />
      <Alarms desk={desk} view={view} />
      <div class="cards">
        <Pending view={view} />
        <UnitCard view={view} />
        <Contact view={view} />
        <Next view={view} />
        <Ballots desk={desk} />
        <Purchase view={view} />
        <Payment view={view} />
        <Donts desk={desk} view={view} />
      </div>
      <Details view={view} />
    </>
  );
}
