/**
 * What was written down and has not arrived yet. It is kept on this machine before it is sent, under
 * the key with which it is sent, so that a browser that goes offline or is closed in between loses
 * nothing, and that what arrives twice happens once. Whoever wrote it sends it: nobody else does.
 */

import { Refusal, ask, newKey } from "./api";

export type Kept = {
  key: string;
  subject: string;
  what: "note" | "complaint" | "consent";
  path: string;
  body: unknown;
  at: string;
  refused: string | null;
};

const PLACE = "sahip.outbox";
const AGAIN_MS = 10_000;

let told: () => void = () => {};

export function onChange(listener: () => void): void {
  told = listener;
  addEventListener("storage", (event) => {
    if (event.key === PLACE) listener();
  });
}

export function waiting(subject: string): Kept[] {
  return all().filter((one) => one.subject === subject);
}

/** Keep it, and try to send it at once. True when it has arrived; throws Refusal when it never will as it is. */
export async function send(one: Omit<Kept, "key" | "at" | "refused">): Promise<boolean> {
  const kept: Kept = { ...one, key: newKey(), at: new Date().toISOString(), refused: null };
  write([...all(), kept]);
  const refusal = await deliver(kept);
  if (refusal && !isLater(refusal)) {
    drop(kept.key); // whoever wrote it has it before them still, and can put it right
    throw refusal;
  }
  return refusal === null;
}

/** Try all that waits; how many have arrived. One tab at a time does it. */
export async function sendWaiting(subject: string): Promise<number> {
  return navigator.locks.request(PLACE, { ifAvailable: true }, async (lock) => {
    if (!lock) return 0;
    let arrived = 0;
    for (const one of waiting(subject).filter((kept) => kept.refused === null)) {
      const refusal = await deliver(one);
      if (refusal === null) arrived += 1;
      else if (isLater(refusal)) break;
      else write(all().map((kept) => (kept.key === one.key ? { ...kept, refused: refusal.detail } : kept)));
    }
    return arrived;
  });
}

export function drop(key: string): void {
  write(all().filter((one) => one.key !== key));
}

/** Go on trying for as long as the page is there. Returns what ends it. */
export function keepTrying(subject: string, arrived: (count: number) => void): () => void {
  const again = async (): Promise<void> => {
    if (!waiting(subject).some((one) => one.refused === null)) return;
    const count = await sendWaiting(subject);
    if (count) arrived(count);
  };
  const timer = setInterval(again, AGAIN_MS);
  addEventListener("online", again);
  void again();
  return () => {
    clearInterval(timer);
    removeEventListener("online", again);
  };
}

async function deliver(one: Kept): Promise<Refusal | null> {
  try {
    await ask(one.path, { body: one.body, key: one.key });
    drop(one.key);
    return null;
  } catch (failure) {
    if (failure instanceof Refusal) return failure;
    throw failure;
  }
}

/** Whether it waits: for the line, for a service, or for its writer to sign in again. */
function isLater(refusal: Refusal): boolean {
  return refusal.isPassing || refusal.status === 401;
}

function all(): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "[]") as Kept[];
  } catch {
    return [];
  }
}

function write(kept: Kept[]): void {
  localStorage.setItem(PLACE, JSON.stringify(kept));
  told();
}
