/** Times, money and numbers as people here write them. The calendar is Istanbul's, whoever looks from wherever. */

import type { Money } from "./types";

export type Language = "tr" | "en";

const ZONE = "Europe/Istanbul";
const DAY_MS = 86_400_000;
const LOCALES: Record<Language, string> = { tr: "tr-TR", en: "en-GB" };

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], { timeZone: ZONE, ...options });
  made.set(key, known);
  return known;
}

/** A day such as 2 Ara 2026; `at` is a moment or a day. */
export function day(at: string, language: Language): string {
  return formatter(language, { day: "numeric", month: "short", year: "numeric" }).format(moment(at));
}

export function dayAndTime(at: string, language: Language): string {
  const options = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  const year = sameYear(at) ? {} : ({ year: "numeric" } as const);
  return formatter(language, { ...options, ...year }).format(moment(at));
}

export function time(at: string, language: Language): string {
  return formatter(language, { hour: "2-digit", minute: "2-digit" }).format(moment(at));
}

/** Whole days from `at` until now by the calendar: 1 is yesterday, negative is to come. */
export function daysSince(at: string, now: Date = new Date()): number {
  return Math.round((dayNumber(now) - dayNumber(moment(at))) / DAY_MS);
}

export function money(value: Money, language: Language): string {
  const format = new Intl.NumberFormat(LOCALES[language], {
    style: "currency",
    currency: value.currency,
    currencyDisplay: "narrowSymbol",
  });
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(value.amount / 10 ** places);
}

/** An amount as typed, such as 19.999,90 or 19999.90, in minor units; null where it is none. */
export function minorUnits(typed: string): number | null {
  const plain = typed.replace(/[\s₺]|TL/gi, "");
  const match = /^(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(plain);
  if (!match?.[1]) return null;
  return Number(match[1].replace(/[.,]/g, "")) * 100 + Number((match[2] ?? "0").padEnd(2, "0"));
}

/** A phone in groups as it is read aloud: +90 532 123 45 67. */
export function phone(e164: string): string {
  const turkish = /^\+90(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(e164);
  return turkish ? `+90 ${turkish.slice(1).join(" ")}` : e164;
}

/** A number as people here say it, with its country: 0532 123 45 67 is +905321234567. */
export function e164(typed: string): string {
  const digits = typed.replace(/\D/g, "");
  if (typed.trim().startsWith("+")) return `+${digits}`;
  if (digits.startsWith("00")) return `+${digits.slice(2)}`;
  if (/^90\d{10}$/.test(digits)) return `+${digits}`;
  return /^0?[1-9]\d{9}$/.test(digits) ? `+90${digits.slice(-10)}` : typed.trim();
}

/** A language by its name: tr is Türkçe. */
export function spoken(code: string, language: Language): string {
  try {
    return new Intl.DisplayNames([LOCALES[language]], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Today in Istanbul as 2026-12-01, and as many days on. */
export function isoDay(plus = 0): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date(Date.now() + plus * DAY_MS));
}

/** The ISO week of a day as 2026-W07: it begins on Monday and belongs to the year of its Thursday. */
export function isoWeek(isoDate: string): string {
  const thursday = new Date(`${isoDate}T00:00:00Z`);
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const week = Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS + 1) / 7);
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** The last moment of a day in Istanbul, which has no summer time. */
export function endOfDay(isoDate: string): string {
  return new Date(`${isoDate}T23:59:59+03:00`).toISOString();
}

function moment(at: string): Date {
  return new Date(at.length === 10 ? `${at}T12:00:00+03:00` : at);
}

function sameYear(at: string): boolean {
  return isoDay().slice(0, 4) === new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(moment(at)).slice(0, 4);
}

function dayNumber(at: Date): number {
  return Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(at));
}
