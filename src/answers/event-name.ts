import { kebabFault, suggestKebab } from './kebab-case.ts';
import { reservedFor } from './reserved-names.ts';
import type { Verdict } from './verdict.ts';

/** An event's type, taken apart: `payments.payment-received.v1`. It is also its topic. */
export interface EventType {
  /** Who publishes it. */
  readonly publisher: string;
  /** What happened, in kebab-case. */
  readonly name: string;
  readonly version: number;
}

/**
 * With the publisher's 40 characters, the version and `.dead-letter`, a topic has 109 at most: Kafka
 * takes 249, and the longest line that is emitted with it stays within a line.
 */
const rules = {
  maxLength: 50,
  whenEmpty: 'say what happened, such as order-created',
  whenPath: 'give a plain name, such as order-created',
};

/**
 * An event's name is at once a file, part of a topic and of identifiers, so it is held to what all of
 * them allow. It may end in a version (`order-created.v2`).
 */
export function checkEventName(text: string): Verdict {
  const { name, version } = splitEventName(text);
  const fault = kebabFault(name, rules);
  if (fault !== undefined) return refused(fault, suggestKebab(name), version);
  const owner = reservedFor(name);
  if (owner !== undefined) {
    return { ok: false, reason: `is reserved (${owner}); ${rules.whenEmpty}` };
  }
  const versioned = /^(.+)-v([1-9]\d{0,3})$/.exec(name);
  if (versioned !== null) {
    const [, stem, number] = versioned;
    return refused('ends like a version; a version is written .v2', stem, Number(number));
  }
  return { ok: true, value: text };
}

function refused(reason: string, suggestion?: string, version?: number): Verdict {
  const text = version === undefined ? suggestion : `${suggestion}.v${version}`;
  return suggestion !== undefined && text !== undefined && checkEventName(text).ok
    ? { ok: false, reason, suggestion: text }
    : { ok: false, reason };
}

/** `order-created.v2` → its name and version; no version is `undefined`. */
export function splitEventName(text: string): { name: string; version: number | undefined } {
  const [, name = '', version] = /^(.*?)(?:\.v([1-9]\d{0,3}))?$/s.exec(text) ?? [];
  return { name, version: version === undefined ? undefined : Number(version) };
}

/** `payments.payment-received.v1` taken apart; `undefined` for what this convention does not make. */
export function parseEventType(text: string): EventType | undefined {
  const [, publisher, name, version] =
    /^([a-z][a-z0-9-]{0,39})\.([a-z][a-z0-9-]{0,49})\.v([1-9]\d{0,3})$/.exec(text) ?? [];
  if (publisher === undefined || name === undefined || !checkEventName(name).ok) return undefined;
  return { publisher, name, version: Number(version) };
}

/** Puts an event's type together. */
export function eventTypeText({ publisher, name, version }: EventType): string {
  return `${publisher}.${name}.v${version}`;
}
