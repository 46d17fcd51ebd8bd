/** Taking somebody into the books of whom nothing is there yet. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { say, taken } from "../actions";
import { ask, newKey } from "../api";
import { desk } from "../state";
import type { Evidence } from "../types";
import { Form, Text } from "../ui";
import { words } from "../words";

export function Create(): JSX.Element {
  const w = words();
  const key = useRef(newKey());
  const [draft, setDraft] = useState(() => ({
    name: desk.known["name"] ?? "",
    phone: desk.known["phone"] ?? "",
    email: desk.known["email"] ?? "",
    district: desk.known["district"] ?? "",
    city: "",
  }));
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const save = async (): Promise<void> => {
    const { name, phone, email, district, city } = draft;
    const points = [
      { kind: "phone", value: phone.trim() },
      { kind: "email", value: email.trim() },
    ].filter((one) => one.value);
    const place = { ...(district.trim() ? { district: district.trim() } : {}), ...(city.trim() ? { city: city.trim() } : {}) };
    const body = {
      ...(name.trim() ? { name: name.trim() } : {}),
      contact_points: points,
      addresses: Object.keys(place).length ? [place] : [],
    };
    const made = (await ask<{ customer_id: string }>("/v1/customers", { body, key: key.current })).body;
    const said: Evidence[] = (["phone", "email", "name", "district"] as const).filter((one) => draft[one].trim());
    await taken(made.customer_id, said);
    say("good", w.created);
  };
  const missing = (): string | null =>
    draft.name.trim() || draft.phone.trim() || draft.email.trim() ? null : w.somethingNeeded;
  return (
    <Form submit={w.create} missing={missing} send={save}>
      <p class="hint">{w.createIntro}</p>
      <Text label={w.nameOf} value={draft.name} set={(name) => set({ name })} max={200} focused />
      <Text label={w.phoneOf} value={draft.phone} set={(phone) => set({ phone })} type="tel" max={254} />
      <Text label={w.emailOf} value={draft.email} set={(email) => set({ email })} type="email" max={254} optional />
      <div class="row">
        <Text label={w.districtOf} value={draft.district} set={(district) => set({ district })} max={200} optional />
        <Text label={w.cityOf} value={draft.city} set={(city) => set({ city })} max={200} optional />
      </div>
    </Form>
  );
}
