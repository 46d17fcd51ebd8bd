/** Whether somebody may be called or written to in order to sell, and what they have said of it. */

import { ask, orNull, type Grounds } from "./api";
import type { Consent, ContactChannel, Contacting, Permission } from "./types";

export const CHANNELS: ContactChannel[] = ["call", "sms", "email"];
const OFFER = "offer";

/** What stands, channel by channel. What could not be asked is null: it is no yes. */
export async function contactingOf(customer: string, grounds: Grounds): Promise<Contacting> {
  const mayBe = (channel: ContactChannel): Promise<Permission | null> => {
    const body = { customer_id: customer, channel, purpose: OFFER };
    return orNull(ask<Permission>("/v1/engagement/may-contact", { body, grounds }));
  };
  const list = ask<{ consents: Consent[] }>(`/v1/engagement/consents?customer_id=${customer}&limit=20`, { grounds });
  const asked = [mayBe("call"), mayBe("sms"), mayBe("email"), orNull(list)] as const;
  const [call, sms, email, said] = await Promise.all(asked);
  return { may: { call, sms, email }, said: said?.consents ?? null };
}

/** Whether a yes or a no has come to its end, so that it is to be asked anew. */
export function isOver(contacting: Contacting | null): boolean {
  if (!contacting) return true;
  return Object.values(contacting.may).some((one) => {
    const end = one?.until ?? one?.again_at;
    return one === null || (end && Date.parse(end) <= Date.now());
  });
}
