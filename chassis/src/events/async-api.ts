import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cloudEventSchema, type EventDefinition } from './event.ts';
import { topicsOf } from './topics.ts';

/** The types of event that go out and those that come in. */
interface Directions {
  readonly publishes: readonly string[];
  readonly handles: readonly string[];
}

/** A service as its documents name it. */
interface About {
  readonly name: string;
  readonly description: string;
}

/** What there is of the events of a service. */
interface KnownEvents {
  readonly schemas: readonly EventDefinition<unknown>[];
  readonly handlers: readonly { readonly type: string }[];
}

/**
 * Answers `GET /asyncapi.json` with what the service publishes and handles, for those who publish to it and
 * listen to it. It publishes what has its name, unless the schema says that it only receives it.
 */
export function describeEvents(
  app: FastifyInstance,
  about: About,
  { schemas, handlers }: KnownEvents,
): void {
  const own = schemas.filter(
    ({ type, receivedOnly = false }) => type.startsWith(`${about.name}.`) && !receivedOnly,
  );
  const typesOf = (found: readonly { readonly type: string }[]) => found.map(({ type }) => type);
  const document = asyncApiDocument(about, schemas, {
    publishes: typesOf(own),
    handles: typesOf(handlers),
  });
  app.get('/asyncapi.json', async () => document);
}

/**
 * The AsyncAPI 3.0 document: a channel for each topic, with the types of event that it carries, and an operation
 * for each type and direction. Its messages are CloudEvents in structured JSON with the schema of their data.
 */
function asyncApiDocument(
  { name, description }: About,
  schemas: readonly EventDefinition<unknown>[],
  { publishes, handles }: Directions,
) {
  const topicOf = topicsOf(schemas);
  const channels = [...Map.groupBy(schemas, ({ type }) => topicOf(type))].map(
    ([topic, carried]) => [topic, channel(topic, carried)] as const,
  );
  const messages = schemas.map((definition) => [
    definition.type,
    {
      name: definition.type,
      contentType: 'application/cloudevents+json',
      payload: payloadOf(definition, publishes.includes(definition.type) ? 'output' : 'input'),
    },
  ]);
  const operations = [
    ...publishes.map((type) => operation('send', type, topicOf(type))),
    ...handles.map((type) => operation('receive', type, topicOf(type))),
  ];
  return {
    asyncapi: '3.0.0',
    info: { title: name, description, version: '1.0.0' },
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(operations),
    components: { messages: Object.fromEntries(messages) },
  };
}

function channel(topic: string, carried: readonly EventDefinition<unknown>[]) {
  const messages = carried.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]);
  return { address: topic, messages: Object.fromEntries(messages) };
}

function operation(action: 'send' | 'receive', type: string, topic: string) {
  const channel = { $ref: `#/channels/${topic}` };
  return [
    `${action}-${type}`,
    { action, channel, messages: [{ $ref: `#/channels/${topic}/messages/${type}` }] },
  ];
}

/** JSON Schema of the whole event; what the schema refers to is found where it lies in the document. */
function payloadOf({ type, data }: EventDefinition<unknown>, io: 'input' | 'output'): object {
  const envelope = cloudEventSchema.extend({ type: z.literal(type), data });
  const schema = z.toJSONSchema(envelope, { target: 'draft-7', io, unrepresentable: 'any' });
  const place = `#/components/messages/${type}/payload`;
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"${place}`));
}
