/** What the API gives, as far as the desk shows it. Times are ISO 8601 in UTC, money is in minor units. */

export type Money = { amount: number; currency: string };

export type Part<Data> = {
  status: "fresh" | "last_known" | "missing";
  as_of: string | null;
  reason: string | null;
  data: Data | null;
  more?: Record<string, More>; // by the name of each list of `data` that is not whole
  shortened?: number; // texts that have lost their middle
  kept_back?: string[]; // lists that lack amounts in this department's view; "data" for all of it
};

/** That a list has more entries: how many, null where nobody counts them, and the list that has them. */
export type More = { left_out: number | null; next: string | null };

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

/** Who serves a person and where; null where no segment was made yet. It is told without grounds. */
export type Serving = {
  tier: string | null;
  rank: number | null;
  queue: string | null;
  owner: {
    staff_id: string;
    name: string;
    presence: "here" | "away" | "left";
    through: "customer" | "segment";
    languages?: string[];
  } | null;
  acting: {
    staff_id: string;
    name: string;
    acting_as: "deputy" | "successor" | "segment_owner" | "default_owner";
  } | null;
};

/** The same with the grounds of it, for whoever may look. */
export type Care = Serving & {
  assigned: "by_hand" | "by_rule" | "by_default" | null;
  reason: string | null;
  groups: {
    group: string;
    reasons: { rule: string; found: number; bound: number; currency: string | null }[];
  }[];
  value: Money[];
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
};

export type Conversation = {
  at: string;
  channel: string;
  direction: "in" | "out";
  kind: string;
  with: string;
  summary: string;
  conversation_id?: string | null;
  promise?: Promised | null;
};

/** What was promised in a conversation, who of us keeps it, and until when. */
export type Promised = { what: string; by: string; due: string; kept_at: string | null };

/** One that nobody has kept yet, whenever it was given. */
export type OpenPromise = {
  conversation_id: string;
  at: string;
  what: string;
  by: string;
  due: string;
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
  seriousness: "normal" | "serious" | "safety" | null;
  due_at: string | null;
};

export type Unit = {
  unit_id: string;
  product: string | null;
  serial: string | null;
  delivered_at?: string | null; // in the look
  delivered_on?: string | null; // in the list that it goes on in
  covered_until: string | null;
  state: string;
};

/** One of the facts to know at once; `value` where it is known, `reason` where it is not fresh. */
export type Fact = {
  fact: string;
  state: "known" | "none" | "unknown";
  value: Record<string, unknown> | null;
  status: "fresh" | "last_known" | "missing";
  as_of: string | null;
  source: string;
  reason: string | null;
};

/** What is best done next, about what (an id), and the figures that a rule judged by. */
export type NextStep = {
  step: string;
  about: string | null;
  because: Record<string, unknown>;
  reason: string;
};

export type View = {
  customer_id: string;
  customer_ids?: string[]; // all that are shown here
  as_of: string;
  complete: boolean;
  newly_joined: string[];
  facts: Fact[];
  /** The department's view that this is shown by, and the light that stands for money in some. */
  seen_by?: { view: string; money: "amounts" | "light" } | null;
  payment_light?: {
    light: "green" | "amber" | "red" | null;
    status: "fresh" | "last_known" | "missing";
    because: string | null;
  } | null;
  completeness: number; // per cent
  brief: string | null;
  next_step: NextStep | null;
  customer: Part<Customer>;
  care: Part<Care> | null;
  orders: Part<{
    count: number;
    totals?: Money[];
    pending: OrderBrief[]; // as many as there was room for
  pending_count?: number | null;
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
    recent: (ComplaintBrief & { status: string })[];
  }>;
  products: Part<{ count: number; units: Unit[] }>;
  conversations: Part<{
    count: number;
    recent: Conversation[];
    open_promises?: number;
    promises?: OpenPromise[]; // those that are due first, as many as there was room for
  }> | null;
  engagement: Part<{
    silence_days: number | null;
    band: "cared_for" | "neglected" | "forgotten" | null;
    offers: { at: string; channel: string }[];
    answers: { at: string; medium: string; result: string }[];
    advocate?: boolean;
    praised?: string | null; // the day on which they last thanked us or recommended us
  }> | null;
  timeline: Part<{ recent: { at: string; what: string; about: string }[] }>;
};

export type Candidate = { customer_id: string; display_name: string | null; district: string | null };

export type Evidence =
  | "phone"
  | "email"
  | "external_id"
  | "tax_id"
  | "order_id"
  | "serial"
  | "purchase"
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
  serves: Serving & { language: string | null };
  ways: {
    contact_points: { id: string; kind: "phone" | "email"; masked: string }[];
    facts: FactName[];
    facts_needed: number;
    tries_left: number;
  };
  version: number;
};

/** Who of ours talked with somebody, and how they were verified. */
export type SessionRow = {
  session_id: string;
  held_by: string;
  channel: string;
  call_id: string | null;
  recognised_by: Evidence[];
  opened_at: string;
  until: string;
  ended_at: string | null;
  verified_at: string | null;
  verified_by: string[];
  codes: number;
  wrong: number;
};

/** Whether something may be said to somebody by a channel now, or every reason against it. */
export type Permission = {
  may: boolean;
  reasons: { code: string; detail: string; hint: string | null }[];
  address: { kind: string; value: string } | null;
  until: string | null;
  again_at: string | null;
};

export type ContactChannel = "call" | "sms" | "email";

/** A consent (ONAY) or a refusal (RET), as İYS has them. */
export type Consent = {
  consent_id: string;
  channel: string;
  hint: string;
  purpose: string;
  status: "ONAY" | "RET";
  said_at: string;
  source: string;
  at_iys: string;
};

/** What is known of contacting somebody; null in its place is what could not be asked. */
export type Contacting = {
  may: Record<ContactChannel, Permission | null>;
  said: Consent[] | null;
};

/** Somebody on a ballot, and what there is to know before one decides. */
export type OnBallot = {
  value?: Money[] | null;
  contacts_30: number;
  contacts_365: number;
  offers_30: number;
  offers_365: number;
  days_of_silence: number | null;
  open_complaints: number | null;
  word: { decision: "approve" | "veto"; at: string; reason: string } | null;
  clashing: string[];
  vetoes: { code: string; detail: string }[];
};

/** An open offer to one person; `person` is null for who asks for it, and so decides nothing. */
export type Ballot = {
  offer: {
    offer_id: string;
    what: string;
    why: string;
    product: string;
    channel: string;
    wave: string;
    starts_at: string;
    ends_at: string;
  };
  person: OnBallot | null;
};

/** What is offered to the person on the screen; no list where it could not be asked. */
export type BallotsTold = { list: Ballot[] | null; more: boolean };

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

/** What came by something that two had while they were taken for one person. */
export type Waiting = {
  customer_id: string;
  kind: string; // conversation, order, complaint or unit
  entity_id: string;
  came_by: string;
  came_at: string;
  shown: Record<string, unknown>;
  attribute: string; // where to say whose it is
};

export type Review = { waiting: Waiting[]; more: boolean; unanswered: string[] };

export type Duplicate = {
  duplicate_id: string;
  customer_ids: [string, string];
  probability: number;
  findings: { field: string; level: string; weight: number }[];
  version: number;
};
