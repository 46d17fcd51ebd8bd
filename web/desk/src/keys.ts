/** The keyboard: single keys outside of text fields, and Escape everywhere. They can be turned off. */

import { choose, endCall, openPanel, setMode, switchLanguage } from "./actions";
import { change, desk, type Panel } from "./state";
import { switchTheme } from "./taste";

const OFF = "sahip.keysOff";
const PANELS: Record<string, Panel> = {
  v: "verify",
  n: "note",
  p: "promises",
  s: "complaint",
  r: "consent",
  u: "register",
  o: "order",
  b: "merge",
  a: "ballot",
};

export function keysAreOff(): boolean {
  return localStorage.getItem(OFF) === "1";
}

export function turnKeys(off: boolean): void {
  if (off) localStorage.setItem(OFF, "1");
  else localStorage.removeItem(OFF);
  change({});
}

export function listen(): void {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (desk.keys) change({ keys: false });
      else if (desk.panel) openPanel(null);
      else focusSearch();
      return;
    }
    if (!desk.person || isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keysAreOff() || desk.keys) return;
    if (act(event.key.toLocaleLowerCase("en"))) event.preventDefault();
  });
}

export function focusSearch(): void {
  document.getElementById("search")?.focus();
}

/** Which panels make sense now: some need somebody, some need a verified somebody. */
export function mayOpen(panel: Panel): boolean {
  if (panel === "verify") return desk.session?.state === "recognised";
  if (!desk.customer) return false;
  if (panel === "ballot") return Boolean(desk.ballots?.list?.length);
  return !["merge", "promises"].includes(panel) || desk.view !== null;
}

function act(key: string): boolean {
  const panel = PANELS[key];
  if (panel) {
    if (mayOpen(panel)) openPanel(panel);
    return true;
  }
  if (key >= "1" && key <= "9") void choose(Number(key) - 1);
  else if (key === "/") focusSearch();
  else if (key === "e") {
    endCall();
    focusSearch();
  } else if (key === "k") setMode(desk.mode === "call" ? "reason" : "call");
  else if (key === "t") switchTheme();
  else if (key === "l") switchLanguage();
  else if (key === "?") change({ keys: true });
  else return false;
  return true;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
