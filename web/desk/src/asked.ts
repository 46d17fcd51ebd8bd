/** What somebody has typed or pasted: what it can be, the likeliest first. */

export type Kind =
  | "phone"
  | "email"
  | "order_id"
  | "serial"
  | "external_id"
  | "tax_id"
  | "customer_id"
  | "name";

export type Asked = { kind: Kind; value: string; district?: string };

const KINDS: Kind[] = ["name", "phone", "email", "order_id", "serial", "external_id", "tax_id", "customer_id"];

/** Every way to read it, the likeliest first; empty for nothing. */
export function readings(typed: string): Kind[] {
  const text = typed.trim();
  if (!text) return [];
  const first = likeliest(text);
  return [...first, ...KINDS.filter((kind) => !first.includes(kind))];
}

/** It read as one kind. After a comma, a name has its district. */
export function read(typed: string, kind: Kind): Asked {
  const text = typed.trim();
  if (kind !== "name") return { kind, value: text };
  const [name = "", ...rest] = text.split(",");
  const district = rest.join(",").trim();
  return { kind, value: name.trim(), ...(district ? { district } : {}) };
}

function likeliest(text: string): Kind[] {
  if (text.includes("@")) return ["email"];
  if (/^cus_/.test(text)) return ["customer_id"];
  if (/^ord_/.test(text)) return ["order_id"];
  if (/^[a-z0-9_-]{1,40}:\S+$/.test(text)) return ["external_id"];
  const digits = text.replace(/[\s().+/-]/g, "");
  if (/^\d+$/.test(digits)) {
    if (isTckn(digits)) return ["tax_id", "phone"];
    if (digits.length >= 7 && digits.length <= 15) return ["phone", "order_id", "serial"];
    return ["order_id", "serial"];
  }
  if (/\d/.test(text)) return ["order_id", "serial"];
  return ["name"];
}

/** Whether the check digits of a TCKN are right; a phone begins with 0 or is shorter. */
function isTckn(digits: string): boolean {
  if (!/^[1-9]\d{10}$/.test(digits)) return false;
  const d = [...digits].map(Number);
  const at = (place: number): number => d[place] ?? 0;
  const odd = at(0) + at(2) + at(4) + at(6) + at(8);
  const even = at(1) + at(3) + at(5) + at(7);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  const sum = d.slice(0, 10).reduce((total, one) => total + one, 0);
  return at(9) === tenth && at(10) === sum % 10;
}
