/** The one way to the API: who asks, on what grounds, and a refusal as something to show. */

export type Flaw = { field: string; message: string };

/** Why the API did not do it. `kind` is the last word of the problem's type; 0 is no answer at all. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    readonly detail: string,
    readonly correlation: string | null,
    readonly flaws: Flaw[] = [],
  ) {
    super(detail);
  }

  /** Whether the same request may well be taken later, as it is. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** On what one of ours sees what the books hold: see decision 0015. */
export type Grounds = { session: string } | { reason: string } | null;

export type Asking = {
  method?: "GET" | "POST" | "PATCH";
  body?: unknown;
  grounds?: Grounds;
  key?: string;
  tag?: string | null;
  version?: number;
};

export type Told<T> = { status: number; body: T; tag: string | null };

const PATIENCE_MS = 20_000;

let token: string | null = null;
let ahead = 0; // of this machine's clock, in ms, as far as the last answer tells
let onExpired: () => void = () => {};

export function speakAs(bearer: string | null, expired: () => void = () => {}): void {
  token = bearer;
  onExpired = expired;
}

/** A key that nobody else sends: the same request with it happens once. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** Now, by the clock of who is asked: what was said may not lie in the future there. */
export function now(): string {
  return new Date(Date.now() - Math.max(0, ahead)).toISOString();
}

/** Ask the API. 304 comes back as an answer without a body; everything else that is not done throws Refusal. */
export async function ask<T>(path: string, asking: Asking = {}): Promise<Told<T>> {
  const language = document.documentElement.lang;
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (asking.body !== undefined) headers["Content-Type"] = "application/json";
  if (asking.key) headers["Idempotency-Key"] = asking.key;
  if (asking.tag) headers["If-None-Match"] = asking.tag;
  if (asking.version !== undefined) headers["If-Match"] = `"${asking.version}"`;
  const grounds = asking.grounds;
  if (grounds && "session" in grounds) headers["Sahip-Session"] = grounds.session;
  if (grounds && "reason" in grounds) headers["Sahip-Reason"] = grounds.reason;
  let response: Response;
  try {
    response = await fetch(path, {
      method: asking.method ?? (asking.body === undefined ? "GET" : "POST"),
      headers,
      body: asking.body === undefined ? null : JSON.stringify(asking.body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Refusal(0, "unreachable", "", null);
  }
  const tag = response.headers.get("ETag");
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) ahead = Date.now() - date;
  if (response.status === 304) return { status: 304, body: undefined as T, tag };
  const text = await response.text().catch(() => "");
  const body: unknown = parsed(text);
  if (response.ok && body !== undefined) return { status: response.status, body: body as T, tag };
  if (response.status === 401) onExpired();
  throw refusal(response, body);
}

/** What was asked for, or null where it was refused: what is not known is shown as such. */
export async function orNull<T>(asked: Promise<{ body: T }>): Promise<T | null> {
  try {
    return (await asked).body;
  } catch (failure) {
    if (failure instanceof Refusal) return null;
    throw failure;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(response: Response, body: unknown): Refusal {
  const problem = (typeof body === "object" && body ? body : {}) as {
    type?: string;
    title?: string;
    detail?: string;
    correlation_id?: string;
    errors?: Flaw[];
  };
  const status = response.ok ? 502 : response.status; // an answer that is no JSON is none
  return new Refusal(
    status,
    problem.type?.split(":").pop() ?? "unknown",
    problem.detail ?? problem.title ?? "",
    problem.correlation_id ?? response.headers.get("X-Correlation-Id"),
    problem.errors ?? [],
  );
}
