/** Registering a product that somebody has, wherever they bought it. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { openPanel, say, settle } from "../actions";
import { ask, newKey } from "../api";
import { isoDay } from "../format";
import { desk } from "../state";
import { Form, Text, useDraft } from "../ui";
import { words } from "../words";

export function Register(): JSX.Element {
  const w = words();
  const customer = desk.view?.customer.data;
  const point = customer?.contact_points.find((one) => one.state === "in_use");
  const key = useRef(newKey());
  const [draft, set, done] = useDraft("register", () => ({
    product: "",
    serial: "",
    on: isoDay(),
    from: "",
    delivered: "",
    name: customer?.name ?? "",
    point: point?.value ?? "",
  }));
  const missing = (): string | null => {
    if (!draft.product.trim() && !draft.serial.trim()) return w.productNeeded;
    const lacking = [
      [w.boughtOn, draft.on],
      [w.boughtFrom, draft.from],
      [w.nameOf, draft.name],
      [w.pointOf, draft.point],
    ].filter(([, value]) => !value?.trim());
    return lacking.length ? lacking.map(([label]) => label).join(", ") : null;
  };
  const save = async (): Promise<void> => {
    const value = draft.point.trim();
    const body = {
      ...(draft.product.trim() ? { product: draft.product.trim() } : {}),
      ...(draft.serial.trim() ? { serial: draft.serial.trim() } : {}),
      bought_on: draft.on,
      bought_from: draft.from.trim(),
      ...(draft.delivered ? { delivered_on: draft.delivered } : {}),
      name: draft.name.trim(),
      contact_point: { kind: value.includes("@") ? "email" : "phone", value },
    };
    await ask("/v1/warranty/registrations", { body, key: key.current });
    done();
    openPanel(null);
    say("good", w.registered);
    void settle();
  };
  return (
    <Form submit={w.register} missing={missing} send={save}>
      <Text label={w.product} value={draft.product} set={(product) => set({ product })} max={100} focused />
      <Text label={w.serialOnLabel} value={draft.serial} set={(serial) => set({ serial })} max={100} />
      <Text label={w.boughtFrom} value={draft.from} set={(from) => set({ from })} max={200} />
      <div class="row">
        <Text label={w.boughtOn} type="date" value={draft.on} set={(on) => set({ on })} />
        <Text
          label={w.deliveredOn}
          type="date"
          value={draft.delivered}
          set={(delivered) => set({ delivered })}
          optional
        />
      </div>
      <Text label={w.nameOf} value={draft.name} set={(name) => set({ name })} max={200} />
      <Text label={w.pointOf} value={draft.point} set={(one) => set({ point: one })} max={254} />
      <p class="hint">{w.registerNote}</p>
    </Form>
  );
}
