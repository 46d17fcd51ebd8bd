/** What the desk knows at the moment, and who is told when it changes. */

import { useLayoutEffect, useState } from "preact/hooks";

import type { Kind } from "./asked";
import type { Grounds } from "./api";
import type { Language } from "./format";
import type { Config, Person } from "./signin";
import type { BallotsTold, Candidate, Contacting, Recognised, Session, View } from "./types";

export type Panel =
  | "verify"
  | "note"
  | "promises"
  | "complaint"
  | "consent"
  | "register"
  | "order"
  | "track"
  | "merge"
  | "ballot"
  | "create";

/** How somebody is served: on the line with the person, or without them and for a reason. */
export type Mode = "call" | "reason";

/** Those who may be meant; in a call no name is told of who is not verified. */
export type Found =
  | { kind: "candidates"; candidates: Candidate[]; more: boolean; advice: string | null }
  | { kind: "recognised"; persons: Recognised[]; more: boolean }
  | { kind: "nobody" };

export type Trouble = { kind: string; detail: string; correlation: string | null };

export type Message = { tone: "good" | "wait" | "bad"; text: string };

export type Desk = {
  config: Config | null;
  person: Person | null;
  language: Language;
  mode: Mode;
  reason: string;
  callId: string | null;
  typed: string;
  kind: Kind | null; // chosen by hand; else the likeliest
  known: Record<string, string>; // all that the caller has said so far
  busy: boolean;
  found: Found | null;
  trouble: Trouble | null;
  session: Session | null;
  customer: string | null;
  view: View | null;
  tag: string | null;
  seen: number; // when the view was last known to be so, in ms
  stale: boolean; // the last try to ask anew failed
  contacting: Contacting | null; // null: not asked yet
  ballots: BallotsTold | null; // null: not asked, or not for this role
  panel: Panel | null;
  order: string | null; // that is tracked
  keys: boolean; // the list of keys is open
  waiting: number; // notes that have not arrived
  refused: number; // and of those, that never will as they are
  online: boolean;
  message: Message | null;
};

/** What the desk knows of whoever is on the screen, when that is nobody. */
export const NOBODY = {
  known: {},
  found: null,
  trouble: null,
  session: null,
  customer: null,
  view: null,
  tag: null,
  seen: 0,
  stale: false,
  contacting: null,
  ballots: null,
  panel: null,
  order: null,
} satisfies Partial<Desk>;

const listeners = new Set<() => void>();

export const desk: Desk = {
  config: null,
  person: null,
  language: "tr",
  mode: "call",
  reason: "",
  callId: null,
  typed: "",
  kind: null,
  busy: false,
  ...NOBODY,
  keys: false,
  waiting: 0,
  refused: 0,
  online: true,
  message: null,
};

export function change(part: Partial<Desk>): void {
  Object.assign(desk, part);
  for (const listener of listeners) listener();
}

/** The desk, and a new look at it after each change. */
export function useDesk(): Desk {
  const [, again] = useState(0);
  // Heard from before anything else can happen: what changed before an effect would be seen by nobody.
  useLayoutEffect(() => {
    const listener = (): void => again((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return desk;
}

/** On what the person on the screen is looked at now; null where nothing may be told yet. */
export function grounds(): Grounds {
  if (desk.session) return desk.session.state === "verified" ? { session: desk.session.grant } : null;
  return desk.mode === "reason" && desk.reason ? { reason: desk.reason } : null;
}
