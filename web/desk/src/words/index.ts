/** The words in the language of whoever sits at the desk. */

import { en } from "./en";
import { tr, type Words } from "./tr";
import { desk } from "../state";

const WORDS: Record<"tr" | "en", Words> = { tr, en };

export function words(): Words {
  return WORDS[desk.language];
}

/** A word of the API's in ours; what we have none for is shown as it came. */
export function named(known: Record<string, string>, word: string): string {
  return known[word] ?? word.replace(/_/g, " ");
}
