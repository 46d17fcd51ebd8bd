/** What the API gives, as far as the desk shows it. Times are ISO 8601 in UTC, money is in minor units. */

export type Money = { amount: number; currency: string };

export type Part<Data> = {
  status: "fresh" | "last_known" | "missing";
  as_of: string | null;
  reason: string | null;
  data: Data | null;
};

export type ContactPoint = {
  kind: "phone" | "email";
  value: string;
  state: "in_use" | "lost" | "stolen";
  state_since: string | null;
};

export type Address = {
  lines: string | null;
  district: string | null;
  city: string | null;
  postal_code: string | null;
  country: string;
};

export type CardLink = {
  link_id: string;
  customer_ids: string[];
  joined: string;
  newly_joined: boolean;
};

/** Who looks after a person. Services that do not tell it yet leave it out. */
export type Care = {
  tier?: string | null;
  owner?: string | null;
  owner_here?: boolean | null;
  deputy?: string | null;
  queue?: string | null;
};

export type Customer = {
  name: string | null;
  contact_points: ContactPoint[];
  addresses: Address[];
  external_ids: string[];
  since: string;
  heard_from: string | null;
  lost_to: string | null;
  language: string | null;
  relations: { relation_id: string; kind: string; role: string; count: number }[];
  customer_id: string | null;
  links: CardLink[];
  care?: Care | null;
};

export type Conversation = {
  at: string;
  channel: string;
  direction: "in" | "out";
  kind: string;
  with: string;
  summary: string;
};

export type OrderBrief = {
  order_id: string;
  external_id: string | null;
  status: string;
  ordered_at: string;
  promised_at: string | null;
};

export type ComplaintBrief = {
  complaint_id: string;
  opened_at: string;
  title: string;
  owner: string | null;
  status?: string;
};

export type Unit = {
  unit_id: string;
  product: string | null;
  serial: string | null;
  delivered_at: string | null;
  covered_until: string | null;
  state: string;
};

export type NextStep = { what: string; why: string };

export type View = {
  customer_id: string;
  as_of: string;
  complete: boolean;
  newly_joined: string[];
  customer: Part<Customer>;
  orders: Part<{
    count: number;
    totals: Money[];
    pending: OrderBrief[];
    last_order: {
      order_id: string;
      external_id: string | null;
      status: string;
      ordered_at: string;
      items: { product: string; quantity: number }[];
    } | null;
    recent: OrderBrief[];
  }>;
  payments: Part<{
    methods: { method: string; currency: string; count: number; amount: number }[];
    max_instalments: number | null;
    paid: Money[];
    owed: Money[];
  }>;
  risk: Part<{ band: "low" | "medium" | "high"; reasons: string[] }> | null;
  complaints: Part<{
    count: number;
    open_count: number;
    open: ComplaintBrief[];
    recent: ComplaintBrief[];
  }>;
  products: Part<{ count: number; units: Unit[] }>;
  conversations: Part<{ count: number; recent: Conversation[] }> | null;
  timeline: Part<{ recent: { at: string; what: string; about: string }[] }>;
  /** Made by rules from the facts; a view that does not tell it yet leaves it out. */
  next_step?: NextStep | null;
};

export type Candidate = { customer_id: string; display_name: string | null; district: string | null };

export type Evidence =
  | "phone"
  | "email"
  | "external_id"
  | "tax_id"
  | "order_id"
  | "serial"
  | "name"
  | "district";

export type Recognised = {
  customer_id: string;
  person_id: string;
  evidence: Evidence[];
  strength: "strong" | "sufficient" | "weak";
  language: string | null;
};

export type Recognition = {
  outcome: "recognised" | "candidates" | "unknown";
  persons: Recognised[];
  more: boolean;
  unanswered: Evidence[];
};

export type FactName = "order_id" | "serial" | "external_id" | "email" | "street";

export type Session = {
  session_id: string;
  customer_id: string;
  person_id: string;
  state: "recognised" | "verified";
  channel: string;
  call_id: string | null;
  recognised_by: Evidence[];
  until: string;
  grant: string;
  serves: { language: string | null } & Care;
  ways: {
    contact_points: { id: string; kind: "phone" | "email"; masked: string }[];
    facts: FactName[];
    facts_needed: number;
    tries_left: number;
  };
  version: number;
};

export type ComplaintRow = {
  complaint_id: string;
  kind: string;
  seriousness: "normal" | "serious" | "safety";
  title: string;
  status: "open" | "proposed" | "resolved";
  owner: string | null;
  opened_at: string;
  waits_for: string | null;
  due_at: string | null;
  late: boolean;
};

export type Order = {
  order_id: string;
  customer_id: string;
  external_id: string | null;
  status: string;
  ordered_at: string;
  promised_at: string | null;
  reached: Record<string, string>;
  currency: string;
  amount: number;
  paid: number;
  owed: number;
  lines: { product: string; quantity: number; amount: number; kdv_rate: number | null }[];
  payments: { payment_id: string; method: string; amount: number; paid_at: string | null }[];
  invoice: { number: string | null; issued_at: string | null } | null;
  tracking: string | null;
  cancel_reason: string | null;
  version: number;
};

export type FieldPreview = {
  field: string;
  value: unknown;
  customer_id: string | null;
  why: string;
  values: { customer_id: string; value: unknown; changed_at: string }[];
};

export type Preview = { preview: string; customer_ids: string[]; fields: FieldPreview[] };

export type Link = {
  link_id: string;
  person_id: string;
  joined_id: string;
  reason: string;
  linked_at: string;
  linked_by: string;
  newly_joined: boolean;
  confirmed_at: string | null;
  ended_at: string | null;
  set_aside: { field: string; value: string | null; by: string; at: string }[];
  looks: string[];
};

export type Waiting = {
  waiting: {
    customer_id: string;
    conversation: Conversation & { conversation_id: string };
  }[];
  more: boolean;
};

export type Duplicate = {
  duplicate_id: string;
  customer_ids: [string, string];
  probability: number;
  findings: { field: string; level: string; weight: number }[];
  version: number;
};
