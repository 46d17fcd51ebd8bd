/** What this machine remembers of how somebody likes the desk: language, light or dark, their name. */

import { change } from "./state";
import type { Language } from "./format";

const LANGUAGE = "sahip.language";
const THEME = "sahip.theme";
const SPEAKER = "sahip.speaker";

export function likedLanguage(): Language {
  const liked = localStorage.getItem(LANGUAGE) ?? navigator.language.slice(0, 2);
  return liked === "en" ? "en" : "tr";
}

export function setLanguage(language: Language): void {
  localStorage.setItem(LANGUAGE, language);
  document.documentElement.lang = language;
  change({ language });
}

export function showLikedTheme(): void {
  const liked = localStorage.getItem(THEME);
  if (liked) document.documentElement.dataset["theme"] = liked;
}

export function switchTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset["theme"] ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  localStorage.setItem(THEME, next);
}

/** Under which name conversations are recorded. */
export function speaker(): string {
  return localStorage.getItem(SPEAKER) ?? "";
}

export function setSpeaker(name: string): void {
  localStorage.setItem(SPEAKER, name.trim());
}
