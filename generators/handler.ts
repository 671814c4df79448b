import type { Addition, Surroundings } from '../src/add/addition.ts';
import { busQuestions } from '../src/add/bus-questions.ts';
import { eventWords, stemOf } from '../src/add/event-words.ts';
import { checkHandledEvent, eventsToOffer, publishedBy } from '../src/add/publisher.ts';
import { receivedSchema } from '../src/add/received-schema.ts';
import { checkCapabilityName } from '../src/answers/capability-name.ts';
import { type EventType, eventTypeText, splitEventName } from '../src/answers/event-name.ts';
import type { Tree } from '../src/service/tree.ts';

/** A handler of an event, mostly another service's. */
export const handler: Addition = {
  kind: 'handler',
  description: "a handler of another service's event: the handler, the event's schema, tests",
  example: 'payment-received --from payments',
  needs: 'events',

  questions: (around, { from }) => [
    {
      key: 'from',
      flag: 'from',
      noun: 'service',
      question: 'Which service publishes the event?',
      help: around === undefined ? 'its name' : publishersAround(around),
      check: checkCapabilityName,
    },
    {
      key: 'name',
      flag: 'name',
      noun: 'event',
      question: 'Which of its events?',
      help: 'in kebab-case: payment-received; a certain version: payment-received.v2',
      offers: eventsToOffer(from, around),
      check: (text) => checkHandledEvent(text, from, around),
    },
    ...busQuestions(around),
  ],

  emit({ name: text = '', from = '' }, around) {
    const { name, version = 1 } = splitEventName(text);
    const event = { publisher: from, name, version };
    const { stem, layers, ...schema } = receivedSchema(event, around);
    const handlerFile = handlerStemOf(event, around.service.tree);
    return {
      ...schema,
      does: `handles ${eventTypeText(event)}`,
      layers: ['add-handler', ...layers],
      words: { ...eventWords(event, stem), __handler_file__: handlerFile },
      handles: eventTypeText(event),
    };
  },
};

function publishersAround({ neighbours }: Surroundings): string {
  const names = neighbours
    .filter((neighbour) => publishedBy(neighbour).length > 0)
    .map(({ manifest }) => manifest.name);
  return names.length === 0 ? 'its name' : `in this workspace: ${names.join(', ')}`;
}

/** Two services may publish events of one name: the second handler carries its publisher's name too. */
function handlerStemOf(event: EventType, tree: Tree): string {
  const stem = stemOf(event);
  const isTaken = ['src/events/handlers', 'test/handlers'].some((folder) =>
    tree.list(folder).some((file) => file === `${stem}.ts` || file === `${stem}.test.ts`),
  );
  return isTaken ? `${event.publisher}-${stem}` : stem;
}
