/** What not to do: where not to call or write, whether to sell, and why not. */

import type { JSX } from "preact";

import { CHANNELS } from "../contacting";
import { dayAndTime } from "../format";
import { openPanel } from "../actions";
import type { Desk } from "../state";
import type { ContactChannel, Permission, View } from "../types";
import { Card, Unknown } from "../ui";
import { named, words } from "../words";
import { shownPoint } from "./parts";
import { Left } from "./rest";

export function Donts({ desk, view }: { desk: Desk; view: View }): JSX.Element {
  const w = words();
  return (
    <Card title={w.donts} part={view.customer}>
      {(customer) => (
        <>
          {customer.contact_points
            .filter((point) => point.state !== "in_use")
            .map((point) => (
              <p key={point.value} class="dont">
                {(point.state === "stolen" ? w.stolenPoint : w.lostPoint)(shownPoint(point))}
              </p>
            ))}
          <Left more={view.customer.more?.["contact_points"]} />
          {customer.lost_to && <p class="dont">{w.lostTo(customer.lost_to)}</p>}
          <h3>{w.marketing}</h3>
          <ul class="plain" aria-label={w.marketing}>
            {CHANNELS.map((channel) => (
              <Channel key={channel} channel={channel} desk={desk} />
            ))}
          </ul>
          <button class="plain" type="button" onClick={() => openPanel("consent")}>
            {w.consent} <kbd>R</kbd>
          </button>
        </>
      )}
    </Card>
  );
}

function Channel({ channel, desk }: { channel: ContactChannel; desk: Desk }): JSX.Element {
  const w = words();
  const title = named(w.contactChannels, channel);
  if (!desk.contacting) {
    return (
      <li>
        {title}: {w.loading}
      </li>
    );
  }
  const permission = desk.contacting.may[channel];
  if (!permission) {
    return (
      <li>
        {title}: <Unknown because={w.because.contacting} />
      </li>
    );
  }
  const at = (moment: string): string => dayAndTime(moment, desk.language);
  if (permission.may) {
    return (
      <li>
        {title}: <span class="good">{w.may}</span>
        {permission.until && <small> {w.mayUntil(at(permission.until))}</small>}
      </li>
    );
  }
  return (
    <li>
      {title}: <strong class="dont">{w.mayNot}</strong>, {reasons(permission)}
      {permission.again_at && <small> {w.againAt(at(permission.again_at))}</small>}
    </li>
  );
}

/** Why not, each once, with the end of the number or address that it is about. */
function reasons(permission: Permission): string {
  const w = words();
  const told = permission.reasons.map(({ code, hint }) => {
    const why = named(w.mayNotBecause, code);
    return hint ? `${why} (${hint})` : why;
  });
  return [...new Set(told)].join("; ");
}
