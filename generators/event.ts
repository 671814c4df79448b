import type { Addition, Surroundings } from '../src/add/addition.ts';
import { busQuestions } from '../src/add/bus-questions.ts';
import { eventWords, schemaStemOf } from '../src/add/event-words.ts';
import { schemaFileOf } from '../src/add/schema-file.ts';
import {
  checkEventName,
  type EventType,
  eventTypeText,
  splitEventName,
} from '../src/answers/event-name.ts';
import type { Verdict } from '../src/answers/verdict.ts';

/** An event that the service publishes. */
export const event: Addition = {
  kind: 'event',
  description: 'an event to publish: its schema, a function that publishes it, a test',
  example: 'order-shipped',
  needs: 'events',

  questions: (around) => [
    {
      key: 'name',
      flag: 'name',
      noun: 'event',
      question: 'What happened?',
      help: 'in kebab-case, in the past tense: order-shipped; a later version: order-shipped.v2',
      check: (text) => checkNewEvent(text, around),
    },
    ...busQuestions(around),
  ],

  emit({ name = '' }, { service }) {
    const published = ownEvent(name, service.manifest.name);
    const type = eventTypeText(published);
    return {
      does: `publishes ${type}`,
      layers: ['add-event'],
      words: eventWords(published, schemaStemOf(published, service.manifest.name)),
      publishes: type,
    };
  },
};

function ownEvent(text: string, publisher: string): EventType {
  const { name, version = 1 } = splitEventName(text);
  return { publisher, name, version };
}

function checkNewEvent(text: string, around: Surroundings | undefined): Verdict {
  const verdict = checkEventName(text);
  if (!verdict.ok || around === undefined) return verdict;
  const { manifest, tree } = around.service;
  const isThere = (candidate: EventType): boolean =>
    [...manifest.publishes, ...manifest.handles].includes(eventTypeText(candidate)) ||
    schemaFileOf(tree, candidate, manifest.name) !== undefined;
  const wanted = ownEvent(text, manifest.name);
  if (!isThere(wanted)) return { ok: true, value: `${wanted.name}.v${wanted.version}` };
  let { version } = wanted;
  while (isThere({ ...wanted, version })) version += 1;
  return {
    ok: false,
    reason: `is there already, as ${eventTypeText(wanted)}; another shape is another version`,
    suggestion: `${wanted.name}.v${version}`,
  };
}
