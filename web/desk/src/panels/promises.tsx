/** What we promised and have not kept yet: say of each that it was kept. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { say, settle, told } from "../actions";
import { ask } from "../api";
import { PromiseLine } from "../look/promises";
import { desk, grounds, useDesk } from "../state";
import type { OpenPromise } from "../types";
import { isKept } from "../ui";
import { words } from "../words";

export function Promises(): JSX.Element {
  const w = words();
  const part = useDesk().view?.conversations;
  const [kept, setKept] = useState<string[]>([]); // lists follow a moment later
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = (part?.data?.promises ?? []).filter((one) => !kept.includes(one.conversation_id));
  const more = (part?.data?.open_promises ?? 0) - kept.length - open.length;
  const keep = async (one: OpenPromise): Promise<void> => {
    const path = `/v1/customers/${desk.customer}/conversations/${one.conversation_id}/keep`;
    setTrouble(null);
    try {
      await ask(path, { body: {}, grounds: grounds() });
    } catch (failure) {
      setTrouble(told(failure));
      return;
    }
    setKept((before) => [...before, one.conversation_id]);
    say("good", w.promiseKept);
    void settle();
  };
  return (
    <div class="form">
      {!part?.data && <p class="notice">{isKept(part ?? null) ? w.keptBack : (part?.reason ?? w.unknown)}</p>}
      {part?.data && !open.length && <p class="quiet">{w.noPromises}</p>}
      <ul class="list" aria-label={w.promises}>
        {open.map((one, place) => (
          <li key={one.conversation_id} class="talk">
            <PromiseLine promise={one} />
            <button
              class="plain"
              type="button"
              ref={(box) => void (place === 0 && box && document.activeElement === document.body && box.focus())}
              onClick={() => void keep(one)}
            >
              {w.keep}
            </button>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">{w.andMore(more)}</p>}
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
