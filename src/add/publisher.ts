import type { Option } from '../answers/choices.ts';
import {
  checkEventName,
  type EventType,
  eventTypeText,
  parseEventType,
  splitEventName,
} from '../answers/event-name.ts';
import { nearest } from '../answers/nearest.ts';
import type { Verdict } from '../answers/verdict.ts';
import type { Service } from '../service/find-service.ts';
import type { Surroundings } from './addition.ts';

/** The service of that name: a neighbour, or the service itself; `undefined` when it is not around. */
export function publisherNamed(
  name: string | undefined,
  { service, neighbours }: Surroundings,
): Service | undefined {
  return [service, ...neighbours].find(({ manifest }) => manifest.name === name);
}

/** The events of its own that a service publishes, the newest version of each first. */
export function publishedBy({ manifest }: Service): readonly EventType[] {
  return manifest.publishes
    .flatMap((type) => parseEventType(type) ?? [])
    .filter(({ publisher }) => publisher === manifest.name)
    .sort((a, b) => (a.name === b.name ? b.version - a.version : a.name < b.name ? -1 : 1));
}

/** What a person may choose from, when the publisher is around and has something that is not handled yet. */
export function eventsToOffer(
  from: string | undefined,
  around: Surroundings | undefined,
): readonly Option[] {
  if (around === undefined) return [];
  const publisher = publisherNamed(from, around);
  if (publisher === undefined) return [];
  const { handles } = around.service.manifest;
  return publishedBy(publisher)
    .filter((event) => !handles.includes(eventTypeText(event)))
    .map((event) => ({ value: nameOf(event), title: nameOf(event), help: eventTypeText(event) }));
}

/** Checks the name of an event to handle, and says which version of it is meant. */
export function checkHandledEvent(
  text: string,
  from: string | undefined,
  around: Surroundings | undefined,
): Verdict {
  const verdict = checkEventName(text);
  if (!verdict.ok || around === undefined || from === undefined) return verdict;
  const wanted = splitEventName(text);
  const publisher = publisherNamed(from, around);
  const event =
    publisher === undefined
      ? { publisher: from, name: wanted.name, version: wanted.version ?? 1 }
      : publishedBy(publisher).find(
          ({ name, version }) => name === wanted.name && version === (wanted.version ?? version),
        );
  if (event === undefined) return notPublished(text, from, publisher);
  if (around.service.manifest.handles.includes(eventTypeText(event))) {
    return { ok: false, reason: `is handled already, as ${eventTypeText(event)}` };
  }
  return { ok: true, value: nameOf(event) };
}

function notPublished(text: string, from: string, publisher: Service | undefined): Verdict {
  const names = publisher === undefined ? [] : publishedBy(publisher).map(nameOf);
  if (names.length === 0) {
    return { ok: false, reason: `is not published by ${from}, which publishes nothing` };
  }
  const suggestion = nearest(text, names) ?? nearest(`${text}.v1`, names);
  return {
    ok: false,
    reason: `is not published by ${from}; it publishes ${names.join(', ')}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function nameOf({ name, version }: EventType): string {
  return `${name}.v${version}`;
}
