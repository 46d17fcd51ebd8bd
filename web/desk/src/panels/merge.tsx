/** One person or two: joining two cards with a preview, and taking it back with a review. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { say, settle, told } from "../actions";
import { ask, newKey, Refusal, type Grounds } from "../api";
import { read, readings } from "../asked";
import { day, dayAndTime } from "../format";
import { shownPoint, written } from "../look/parts";
import { desk } from "../state";
import type {
  Address,
  Candidate,
  ContactPoint,
  Duplicate,
  FieldPreview,
  Link,
  Preview,
} from "../types";
import { Form, Text } from "../ui";
import { named, words } from "../words";
import { Parted } from "./review";

// A session is with one person, and this concerns two: so it is done for a reason, and recorded.
const WHY: Grounds = { reason: "correction" };
const PAGE = 100;
const MOST_SUGGESTED = 5;

type Step =
  | { at: "start" }
  | { at: "preview"; other: string; preview: Preview; duplicate: Duplicate | null }
  | { at: "parted"; link: Link };

export function Merge(): JSX.Element {
  const [step, go] = useState<Step>({ at: "start" });
  const customer = desk.customer!;
  const compare = async (other: string, duplicate: Duplicate | null): Promise<void> => {
    const path = `/v1/customers/${customer}/links/preview`;
    const preview = (await ask<Preview>(path, { body: { other_id: other }, grounds: WHY })).body;
    go({ at: "preview", other, preview, duplicate });
  };
  const back = (): void => go({ at: "start" });
  if (step.at === "preview") return <Compare {...step} customer={customer} back={back} again={compare} />;
  if (step.at === "parted") return <Parted link={step.link} back={back} />;
  return (
    <>
      <Links customer={customer} parted={(link) => go({ at: "parted", link })} />
      <FindOther customer={customer} compare={(other) => compare(other, null)} />
      <Suggested customer={customer} compare={compare} />
    </>
  );
}

function FindOther(props: { customer: string; compare: (other: string) => Promise<void> }): JSX.Element {
  const w = words();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Candidate[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const find = async (): Promise<void> => {
    const kind = readings(text)[0] ?? "name";
    const asked = read(text, kind);
    if (kind === "customer_id") return props.compare(asked.value);
    setFound((await others(text, kind)).filter((one) => one.customer_id !== props.customer));
  };
  const compare = (other: string): void => {
    props.compare(other).catch((failure: unknown) => setTrouble(told(failure)));
  };
  return (
    <section class="part">
      <h3>{w.mergeWith}</h3>
      <p class="hint">{w.mergeIntro}</p>
      <Form submit={w.find} missing={() => (text.trim() ? null : w.mergeSearch)} send={find}>
        <Text label={w.mergeSearch} value={text} set={setText} max={200} focused />
      </Form>
      {found?.length === 0 && <p>{w.nobody}</p>}
      <ul class="list" aria-label={w.mergeFound}>
        {found?.map((one) => (
          <li key={one.customer_id}>
            <span>
              {one.display_name ?? w.noName}
              <small>{one.district ?? w.unknown}</small>
            </span>
            <button class="plain" type="button" onClick={() => compare(one.customer_id)}>
              {w.lookAtPair}
            </button>
          </li>
        ))}
      </ul>
      {trouble && <p class="trouble">{trouble}</p>}
    </section>
  );
}

async function others(text: string, kind: string): Promise<Candidate[]> {
  if (kind === "email" || kind === "external_id" || kind === "phone") {
    const found = await ask<{ customers: { customer_id: string; name: string | null }[] }>("/v1/customers/lookup", {
      body: { [kind]: text.trim() },
      grounds: WHY,
    });
    return found.body.customers.map((one) => ({ ...one, display_name: one.name, district: null }));
  }
  const body = { text: text.replace(/,/g, " ").trim() };
  return (await ask<{ customers: Candidate[] }>("/v1/customers/search", { body, grounds: WHY })).body.customers;
}

function Suggested(props: {
  customer: string;
  compare: (other: string, duplicate: Duplicate) => Promise<void>;
}): JSX.Element {
  const w = words();
  const [pairs, setPairs] = useState<Duplicate[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    ask<{ duplicates: Duplicate[] }>(`/v1/customers/duplicates?limit=${PAGE}`, { grounds: WHY }).then(
      (answer) => {
        const ours = answer.body.duplicates.filter((one) => one.customer_ids.includes(props.customer));
        setPairs(ours.slice(0, MOST_SUGGESTED));
      },
      (failure: unknown) => setTrouble(told(failure)),
    );
  }, [props.customer]);
  return (
    <section class="part">
      <h3>{w.suggested}</h3>
      {trouble && <p class="trouble">{trouble}</p>}
      {pairs?.length === 0 && <p class="quiet">{w.noSuggested}</p>}
      <ul class="list">
        {pairs?.map((pair) => {
          const other = pair.customer_ids.find((one) => one !== props.customer)!;
          const compare = (): void => {
            props.compare(other, pair).catch((failure: unknown) => setTrouble(told(failure)));
          };
          return (
            <li key={pair.duplicate_id}>
              <span>{w.likely((pair.probability * 100).toFixed(1))}</span>
              <button class="plain" type="button" onClick={compare}>
                {w.lookAtPair}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

type CompareProps = {
  customer: string;
  other: string;
  preview: Preview;
  duplicate: Duplicate | null;
  back: () => void;
  again: (other: string, duplicate: Duplicate | null) => Promise<void>;
};

function Compare({ customer, other, preview, duplicate, back, again }: CompareProps): JSX.Element {
  const w = words();
  const key = useRef(newKey());
  const [reason, setReason] = useState("");
  const [choices, setChoices] = useState<Record<string, string>>({});
  const merge = async (): Promise<void> => {
    const made = Object.keys(choices).length ? { choices } : {};
    const body = { other_id: other, reason: reason.trim(), preview: preview.preview, ...made };
    try {
      await ask<Link>(`/v1/customers/${customer}/links`, { body, grounds: WHY, key: key.current });
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 412) {
        await again(other, duplicate);
        say("bad", w.mergeStale);
        return;
      }
      throw failure;
    }
    say("good", w.merged);
    back();
    void settle();
  };
  const part = async (): Promise<void> => {
    const path = `/v1/customers/duplicates/${duplicate!.duplicate_id}/decide`;
    const body = { decision: "different", reason: reason.trim() };
    await ask(path, { body, grounds: WHY, version: duplicate!.version });
    say("good", w.decidedDifferent);
    back();
  };
  const missing = (): string | null => (reason.trim() ? null : w.reasonNeededText);
  return (
    <section class="part" aria-label={w.mergePreview}>
      <h3>{w.mergePreview}</h3>
      {preview.fields.map((field) => (
        <Fields
          key={field.field}
          field={field}
          ids={[customer, other]}
          chosen={choices[field.field] ?? null}
          choose={(whose) => setChoices({ ...choices, [field.field]: whose })}
        />
      ))}
      <Form submit={w.mergeDo} missing={missing} send={merge}>
        <Text label={w.mergeWhy} value={reason} set={setReason} lines={2} max={500} />
      </Form>
      {duplicate && (
        <Form submit={w.different} missing={missing} send={part}>
          {null}
        </Form>
      )}
      <button class="plain" type="button" onClick={back}>
        {w.cancel}
      </button>
    </section>
  );
}

type FieldsProps = {
  field: FieldPreview;
  ids: [string, string];
  chosen: string | null;
  choose: (whose: string) => void;
};

/** One field of both, what would hold and why; where they differ, a choice. */
function Fields({ field, ids, chosen, choose }: FieldsProps): JSX.Element {
  const w = words();
  const told = field.values.filter((one) => !isEmpty(one.value));
  const differ = new Set(told.map((one) => JSON.stringify(one.value))).size > 1;
  const title = named(w.fields, field.field);
  const whose = chosen ?? field.customer_id;
  if (!told.length) {
    return (
      <p class="quiet">
        {title}: {w.unknown}
      </p>
    );
  }
  return (
    <fieldset class="compare">
      <legend>{title}</legend>
      {field.values.map((one) => (
        <label key={one.customer_id} class={whose === one.customer_id ? "won" : ""}>
          <input
            type="radio"
            name={`choice-${field.field}`}
            checked={whose === one.customer_id}
            disabled={!differ || isEmpty(one.value)}
            onChange={() => choose(one.customer_id)}
          />
          <span>
            <small>{one.customer_id === ids[0] ? w.thisOne : w.otherOne}</small>
            {shown(field.field, one.value)}
          </span>
        </label>
      ))}
      <p class="quiet">
        {w.mergeWould}: {Array.isArray(field.value) && !chosen ? w.both : chosen ? w.keepThis : named(w.whys, field.why)}
      </p>
    </fieldset>
  );
}

function Links(props: { customer: string; parted: (link: Link) => void }): JSX.Element {
  const w = words();
  const [links, setLinks] = useState<Link[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [ending, setEnding] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const fetchLinks = (): Promise<void> =>
    ask<{ links: Link[] }>(`/v1/customers/${props.customer}/links`, { grounds: WHY }).then(
      (answer) => setLinks(answer.body.links),
      (failure: unknown) => setTrouble(told(failure)),
    );
  useEffect(() => void fetchLinks(), [props.customer]);
  const confirm = async (link: Link): Promise<void> => {
    await ask(`/v1/customers/${props.customer}/links/${link.link_id}/confirm`, { body: {}, grounds: WHY });
    say("good", w.confirmed);
    await fetchLinks();
    void settle();
  };
  const end = async (link: Link): Promise<void> => {
    const path = `/v1/customers/${props.customer}/links/${link.link_id}/end`;
    const ended = await ask<Link>(path, { body: { reason: reason.trim() }, grounds: WHY });
    say("good", w.unmerged);
    void settle();
    props.parted(ended.body);
  };
  if (trouble) return <p class="trouble">{trouble}</p>;
  if (!links?.length) return <p class="quiet">{links ? w.noLinks : w.loading}</p>;
  return (
    <section class="part">
      <h3>{w.links}</h3>
      {links.map((link) => (
        <div key={link.link_id} class="linked">
          <p>
            {link.newly_joined && <span class="tag old">{w.bySystem}</span>} {link.reason}
            <small>{dayAndTime(link.linked_at, desk.language)}</small>
          </p>
          {link.newly_joined && (
            <Form submit={w.confirm} send={() => confirm(link)}>
              {null}
            </Form>
          )}
          {ending === link.link_id ? (
            <Form
              submit={w.unmerge}
              missing={() => (reason.trim() ? null : w.reasonNeededText)}
              send={() => end(link)}
            >
              <Text label={w.unmergeWhy} value={reason} set={setReason} lines={2} max={500} focused />
            </Form>
          ) : (
            <button class="plain" type="button" onClick={() => setEnding(link.link_id)}>
              {w.unmerge}
            </button>
          )}
        </div>
      ))}
    </section>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function shown(field: string, value: unknown): string {
  const w = words();
  if (isEmpty(value)) return w.unknown;
  if (field === "since") return day(String(value), desk.language);
  if (field === "contact_points") return (value as ContactPoint[]).map(shownPoint).join(", ");
  if (field === "addresses") return (value as Address[]).map(written).join(" / ");
  return Array.isArray(value) ? value.join(", ") : String(value);
}
