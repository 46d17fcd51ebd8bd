/** Who sits at the desk. The token lives in this tab alone: never in an address, never on disk. */

import { speakAs } from "./api";

export type Config = {
  sign_in: { kind: "token" } | { kind: "cognito"; domain: string; client_id: string };
};

export type Person = { token: string; subject: string; roles: string[]; until: number };

const TOKEN = "sahip.token";
const REFRESH = "sahip.refresh";
const ASKED = "sahip.asked";
const PLACE = "/desk";
const EARLY_MS = 60_000;
const PATIENCE_MS = 10_000;

export class NotAToken extends Error {}

export async function config(): Promise<Config> {
  const answer = await fetch(`${PLACE}/config.json`, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Config;
}

/** Read what a token says of its bearer; whether it is true is for the API to check. Throws NotAToken. */
export function person(token: string): Person {
  try {
    const payload = token.trim().split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as {
      sub?: string;
      exp?: number;
      "cognito:groups"?: string[];
    };
    if (!claims.sub || !claims.exp) throw new NotAToken();
    return {
      token: token.trim(),
      subject: claims.sub,
      roles: claims["cognito:groups"] ?? [],
      until: claims.exp * 1000,
    };
  } catch {
    throw new NotAToken();
  }
}

export function kept(): Person | null {
  try {
    const known = person(sessionStorage.getItem(TOKEN) ?? "");
    return known.until > Date.now() ? known : null;
  } catch {
    return null;
  }
}

export function keep(one: Person, expired: () => void): void {
  sessionStorage.setItem(TOKEN, one.token);
  speakAs(one.token, expired);
}

export function forget(): void {
  for (const name of [TOKEN, REFRESH, ASKED]) sessionStorage.removeItem(name);
  speakAs(null);
}

/** Send the browser to where people sign in, with a proof that only this tab can complete (PKCE). */
export async function leaveToSignIn(domain: string, client: string): Promise<void> {
  const verifier = random();
  const state = random();
  sessionStorage.setItem(ASKED, JSON.stringify({ verifier, state, fragment: location.hash }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: location.origin + PLACE,
    scope: "openid sahip/api",
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  location.assign(`${domain}/oauth2/authorize?${query}`);
}

/** Whoever comes back from signing in, or null. The code leaves the address at once. */
export async function comeBack(domain: string, client: string): Promise<Person | null> {
  const query = new URLSearchParams(location.search);
  const code = query.get("code");
  if (!code) return null;
  const asked = JSON.parse(sessionStorage.getItem(ASKED) ?? "{}") as {
    verifier?: string;
    state?: string;
    fragment?: string;
  };
  sessionStorage.removeItem(ASKED);
  history.replaceState(null, "", PLACE + (asked.fragment ?? ""));
  if (!asked.verifier || asked.state !== query.get("state")) return null;
  return tokens(domain, {
    grant_type: "authorization_code",
    client_id: client,
    code,
    redirect_uri: location.origin + PLACE,
    code_verifier: asked.verifier,
  });
}

/** A new token before the old one is over; null where it takes signing in again. */
export async function refreshed(domain: string, client: string): Promise<Person | null> {
  const refresh = sessionStorage.getItem(REFRESH);
  if (!refresh) return null;
  return tokens(domain, { grant_type: "refresh_token", client_id: client, refresh_token: refresh });
}

/** How long until a token should be renewed, in milliseconds. */
export function renewIn(one: Person): number {
  return Math.max(0, one.until - Date.now() - EARLY_MS);
}

async function tokens(domain: string, body: Record<string, string>): Promise<Person | null> {
  const answer = await fetch(`${domain}/oauth2/token`, { method: "POST", body: new URLSearchParams(body) });
  if (!answer.ok) return null;
  const told = (await answer.json()) as { access_token: string; refresh_token?: string };
  if (told.refresh_token) sessionStorage.setItem(REFRESH, told.refresh_token);
  return person(told.access_token);
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
