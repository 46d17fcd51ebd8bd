/** What was talked about, and what was promised. Kept here first, sent at once or when there is a line. */

import type { JSX } from "preact";

import { openPanel, say, settle } from "../actions";
import { now } from "../api";
import { endOfDay, isoDay } from "../format";
import { foundBy } from "../found-by";
import { send } from "../outbox";
import { desk } from "../state";
import { setSpeaker, speaker } from "../taste";
import { Choice, Form, Text, useDraft } from "../ui";
import { words } from "../words";

const CHANNELS = ["phone", "store", "whatsapp", "email"];

export function Note(): JSX.Element {
  const w = words();
  const [draft, set, done] = useDraft("note", () => ({
    summary: "",
    channel: desk.mode === "call" ? "phone" : "store",
    direction: "in",
    purpose: "service",
    speaker: speaker(),
    promised: false,
    promise: "",
    keeper: "",
    due: isoDay(1),
  }));
  const keeper = (): string => draft.keeper.trim() || draft.speaker.trim();
  const missing = (): string | null => {
    if (!draft.summary.trim() && !draft.promised) return w.textNeeded;
    return draft.promised && !(draft.promise.trim() && draft.due && keeper()) ? w.promiseNeeded : null;
  };
  const save = async (): Promise<void> => {
    setSpeaker(draft.speaker);
    const promise = { what: draft.promise.trim(), by: keeper(), due: draft.due && endOfDay(draft.due) };
    const arrived = await send({
      subject: desk.person!.subject,
      what: "note",
      path: `/v1/customers/${desk.customer}/conversations`,
      body: {
        at: now(),
        channel: draft.channel,
        direction: draft.direction,
        kind: draft.purpose,
        with: draft.speaker.trim(),
        summary: draft.summary.trim(),
        ...(draft.promised ? { promise } : {}),
        ...foundBy(),
      },
    });
    done();
    openPanel(null);
    say(arrived ? "good" : "wait", arrived ? w.noteSaved : w.noteKept);
    if (arrived) void settle();
  };
  return (
    <Form submit={w.save} missing={missing} send={save}>
      <Text
        label={w.noteText}
        value={draft.summary}
        set={(summary) => set({ summary })}
        lines={4}
        max={4000}
        focused
      />
      <div class="tick">
        <input
          id="promised"
          type="checkbox"
          checked={draft.promised}
          onChange={(event) => set({ promised: event.currentTarget.checked })}
        />
        <label for="promised">{w.promiseGiven}</label>
      </div>
      {draft.promised && (
        <>
          <Text
            label={w.promiseWhat}
            value={draft.promise}
            set={(promise) => set({ promise })}
            max={500}
            focused
          />
          <Text
            label={w.promiseKeeper}
            value={draft.keeper}
            set={(one) => set({ keeper: one })}
            max={200}
            hint={w.promiseKeeperHint}
          />
          <Text label={w.promiseBy} type="date" value={draft.due} set={(due) => set({ due })} />
        </>
      )}
      <div class="row">
        <Choice
          label={w.channel}
          value={draft.channel}
          set={(channel) => set({ channel })}
          options={Object.fromEntries(CHANNELS.map((one) => [one, w.channels[one] ?? one]))}
        />
        <Choice
          label={w.direction}
          value={draft.direction}
          set={(direction) => set({ direction })}
          options={{ in: w.directionIn, out: w.directionOut }}
        />
      </div>
      <div class="row">
        <Choice label={w.purpose} value={draft.purpose} set={(purpose) => set({ purpose })} options={w.purposes} />
        <Text
          label={w.speaker}
          value={draft.speaker}
          set={(one) => set({ speaker: one })}
          max={200}
          optional
        />
      </div>
    </Form>
  );
}
