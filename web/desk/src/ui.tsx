/** The few building blocks that everything on the desk is made of. */

import type { ComponentChildren, JSX, TargetedEvent, TargetedKeyboardEvent } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { told } from "./actions";
import { desk } from "./state";
import { dayAndTime } from "./format";
import type { Part } from "./types";
import { words } from "./words";

/** What is not known, and why, in the place where it would stand. */
export function Unknown({ because }: { because: string }): JSX.Element {
  return (
    <span class="unknown">
      {words().unknownBecause} {because}
    </span>
  );
}

/** What this department's view does not show, in the place where it would stand. */
export function KeptBack(): JSX.Element {
  return <span class="quiet">{words().keptBack}</span>;
}

/** Whether a part, or a list of it by its path, is not shown to this department. */
export function isKept(part: Part<unknown> | null, path = "data"): boolean {
  return part?.kept_back?.includes(path) ?? false;
}

/** How far a part can be relied on; what is fresh needs no words. */
export function Standing({ part }: { part: Part<unknown> }): JSX.Element | null {
  const w = words();
  if (part.status === "fresh") return null;
  if (part.status === "missing") return <span class="tag missing">{w.unknown}</span>;
  return (
    <span class="tag old" title={part.reason ?? ""}>
      {w.lastKnown(part.as_of ? dayAndTime(part.as_of, desk.language) : "?")}
    </span>
  );
}

type CardProps<Data> = {
  title: string;
  part: Part<Data> | null;
  wide?: boolean;
  tone?: "red" | "plain";
  children: (data: Data) => ComponentChildren;
};

/** One thing that is known of somebody: its title, how far to rely on it, and what it is. */
export function Card<Data>({ title, part, wide, tone, children }: CardProps<Data>): JSX.Element {
  const id = useId();
  const status = part?.status ?? "missing";
  const absent = isKept(part) ? <KeptBack /> : <Unknown because={part?.reason ?? words().unknown} />;
  return (
    <section class={`card ${status} ${wide ? "wide" : ""} ${tone ?? ""}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {part && <Standing part={part} />}
      </header>
      {part?.data ? children(part.data) : absent}
    </section>
  );
}

type FieldProps = {
  label: string;
  hint?: string;
  optional?: boolean;
  children: (attributes: { id: string; "aria-describedby"?: string }) => ComponentChildren;
};

export function Field({ label, hint, optional, children }: FieldProps): JSX.Element {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="quiet"> · {words().optional}</span>}
      </label>
      {children(hint ? { id, "aria-describedby": hintId } : { id })}
      {hint && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}

type TextProps = {
  label: string;
  value: string;
  set: (value: string) => void;
  type?: "text" | "date" | "email" | "tel" | "password";
  lines?: number;
  hint?: string;
  optional?: boolean;
  focused?: boolean;
  mode?: "numeric" | "decimal" | "text";
  max?: number;
};

export function Text(props: TextProps): JSX.Element {
  const { label, value, set, type = "text", lines, hint, optional, focused, mode, max } = props;
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  // At once: somebody who is typing already must not be taken out of the field that they are in.
  useLayoutEffect(() => {
    if (focused) box.current?.focus();
  }, [focused]);
  const typed = (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>): void =>
    set(event.currentTarget.value);
  return (
    <Field label={label} {...(hint ? { hint } : {})} {...(optional ? { optional } : {})}>
      {(attributes) =>
        lines ? (
          <textarea {...attributes} ref={box} rows={lines} value={value} onInput={typed} maxLength={max ?? 5000} />
        ) : (
          <input
            {...attributes}
            ref={box}
            type={type as "text"} // the types tell each kind of input apart, and need not here
            value={value}
            onInput={typed}
            autocomplete="off"
            spellcheck={false}
            maxLength={max ?? 500}
            {...(mode ? { inputMode: mode } : {})}
          />
        )
      }
    </Field>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  set: (value: string) => void;
  options: Record<string, string>;
  empty?: string;
  optional?: boolean;
  focused?: boolean;
};

export function Choice({ label, value, set, options, empty, optional, focused }: ChoiceProps): JSX.Element {
  const box = useRef<HTMLSelectElement>(null);
  useLayoutEffect(() => {
    if (focused) box.current?.focus();
  }, [focused]);
  return (
    <Field label={label} {...(optional ? { optional } : {})}>
      {(attributes) => (
        <select {...attributes} ref={box} value={value} onChange={(event) => set(event.currentTarget.value)}>
          {empty !== undefined && <option value="">{empty}</option>}
          {Object.entries(options).map(([name, shown]) => (
            <option key={name} value={name}>
              {shown}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type FormProps = {
  submit: string;
  /** What is missing, in words; null where it can be sent. */
  missing?: () => string | null;
  send: () => Promise<void>;
  disabled?: boolean;
  children: ComponentChildren;
};

/** A form that is sent once at a time, with Ctrl+Enter from anywhere in it, and says what went wrong. */
export function Form({ submit, missing, send, disabled, children }: FormProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || disabled) return;
    const lacks = missing?.() ?? null;
    setTrouble(lacks);
    if (lacks !== null) return;
    setBusy(true);
    try {
      await send();
    } catch (failure) {
      setTrouble(told(failure));
    } finally {
      setBusy(false);
    }
  };
  const byKey = (event: TargetedKeyboardEvent<HTMLFormElement>): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void go(event);
  };
  return (
    <form class="form" onSubmit={go} onKeyDown={byKey} noValidate>
      {children}
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <button class="primary" type="submit" disabled={busy || disabled}>
        {busy ? words().loading : submit}
      </button>
    </form>
  );
}

const drafts = new Map<string, unknown>();

/** What is being written about somebody: it is there again when a call or another card came in between. */
export function useDraft<Draft extends object>(
  name: string,
  initial: () => Draft,
): [Draft, (part: Partial<Draft>) => void, () => void] {
  const key = `${desk.customer}/${name}`;
  const [draft, set] = useState<Draft>(() => (drafts.get(key) as Draft | undefined) ?? initial());
  const change = (part: Partial<Draft>): void =>
    set((before) => {
      const after = { ...before, ...part };
      drafts.set(key, after);
      return after;
    });
  const done = (): void => {
    drafts.delete(key);
    set(initial());
  };
  return [draft, change, done];
}

export function forgetDrafts(): void {
  drafts.clear();
}
