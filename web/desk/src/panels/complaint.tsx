/** Taking in trouble of any kind. Whoever hears it first owns it. */

import type { JSX } from "preact";

import { openPanel, say, settle } from "../actions";
import { foundBy } from "../found-by";
import { send } from "../outbox";
import { desk } from "../state";
import { Choice, Form, Text, useDraft } from "../ui";
import { words } from "../words";

export function Complaint(): JSX.Element {
  const w = words();
  const orders = desk.view?.orders.data?.recent ?? [];
  const units = desk.view?.products.data?.units ?? [];
  const [draft, set, done] = useDraft("complaint", () => ({
    title: "",
    text: "",
    kind: "other",
    seriousness: "normal",
    order: "",
    unit: "",
  }));
  const save = async (): Promise<void> => {
    const unit = units.find((one) => one.unit_id === draft.unit);
    const arrived = await send({
      subject: desk.person!.subject,
      what: "complaint",
      path: "/v1/complaints",
      body: {
        customer_id: desk.customer,
        kind: draft.kind,
        seriousness: draft.seriousness,
        title: draft.title.trim(),
        text: draft.text.trim(),
        channel: desk.mode === "call" ? "phone" : "store",
        ...(draft.order ? { order_id: draft.order } : {}),
        ...(unit?.product ? { product: unit.product } : {}),
        ...(unit?.serial ? { serial: unit.serial } : {}),
        ...foundBy(),
      },
    });
    done();
    openPanel(null);
    say(arrived ? "good" : "wait", arrived ? w.complaintSaved : w.noteKept);
    if (arrived) void settle();
  };
  return (
    <Form submit={w.complaint} send={save} missing={() => (draft.title.trim() || draft.text.trim() ? null : w.complaintText)}>
      <Text label={w.complaintTitle} value={draft.title} set={(title) => set({ title })} max={200} focused />
      <Text label={w.complaintText} value={draft.text} set={(text) => set({ text })} lines={4} optional />
      <Choice
        label={w.seriousness}
        value={draft.seriousness}
        set={(seriousness) => set({ seriousness })}
        options={w.seriousnesses}
      />
      <Choice label={w.complaintKind} value={draft.kind} set={(kind) => set({ kind })} options={w.complaintKinds} />
      {orders.length > 0 && (
        <Choice
          label={w.aboutOrder}
          value={draft.order}
          set={(order) => set({ order })}
          options={Object.fromEntries(orders.map((one) => [one.order_id, one.external_id ?? one.order_id]))}
          empty="—"
          optional
        />
      )}
      {units.length > 0 && (
        <Choice
          label={w.aboutUnit}
          value={draft.unit}
          set={(unit) => set({ unit })}
          options={Object.fromEntries(units.map((one) => [one.unit_id, one.product ?? one.serial ?? one.unit_id]))}
          empty="—"
          optional
        />
      )}
      <p class="hint">{w.complaintRights}</p>
    </Form>
  );
}
