/**
 * A promise that was made in a conversation. The API has no field for it yet, so it stands as the last
 * line of the note, in words that read well by themselves and are found again: `Söz 2026-12-01: …`.
 */

import type { Conversation } from "./types";

export type Promised = { what: string; by: string; who: string; at: string };

const LINE = /^(?:Söz|Promise) (\d{4}-\d{2}-\d{2}): (.+)$/m;

export function withPromise(summary: string, word: string, by: string, what: string): string {
  return `${summary.trim()}\n${word} ${by}: ${what.trim().replace(/\s+/g, " ")}`.trim();
}

/** What was promised in a conversation, or null. */
export function promiseIn(one: Conversation): Promised | null {
  const found = LINE.exec(one.summary);
  if (!found?.[1] || !found[2]) return null;
  return { by: found[1], what: found[2], who: one.with, at: one.at };
}

/** The words without the line of the promise. */
export function withoutPromise(summary: string): string {
  return summary.replace(LINE, "").trim();
}
