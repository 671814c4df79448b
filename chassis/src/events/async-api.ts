import { z } from 'zod';
import { cloudEventSchema, type EventDefinition } from './event.ts';

/** The types of event that go out and those that come in, as `service.json` lists them. */
export interface Directions {
  readonly publishes: readonly string[];
  readonly handles: readonly string[];
}

/**
 * The AsyncAPI 3.0 document: a channel for each event type, which is its topic, and an operation for
 * each direction. Its messages are CloudEvents in structured JSON with the schema of their data.
 */
export function asyncApiDocument(
  { name, description }: { readonly name: string; readonly description: string },
  schemas: readonly EventDefinition<unknown>[],
  { publishes, handles }: Directions,
) {
  const channels = schemas.map(({ type }) => [
    type,
    { address: type, messages: { event: { $ref: `#/components/messages/${type}` } } },
  ]);
  const messages = schemas.map((definition) => [
    definition.type,
    {
      name: definition.type,
      contentType: 'application/cloudevents+json',
      payload: payloadOf(definition, publishes.includes(definition.type) ? 'output' : 'input'),
    },
  ]);
  const operations = [
    ...publishes.map((type) => operation('send', type)),
    ...handles.map((type) => operation('receive', type)),
  ];
  return {
    asyncapi: '3.0.0',
    info: { title: name, description, version: '1.0.0' },
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries(operations),
    components: { messages: Object.fromEntries(messages) },
  };
}

function operation(action: 'send' | 'receive', type: string) {
  const channel = { $ref: `#/channels/${type}` };
  return [
    `${action}-${type}`,
    { action, channel, messages: [{ $ref: `#/channels/${type}/messages/event` }] },
  ];
}

/** JSON Schema of the whole event; what the schema refers to is found where it lies in the document. */
function payloadOf({ type, data }: EventDefinition<unknown>, io: 'input' | 'output'): object {
  const envelope = cloudEventSchema.extend({ type: z.literal(type), data });
  const schema = z.toJSONSchema(envelope, { target: 'draft-7', io, unrepresentable: 'any' });
  const place = `#/components/messages/${type}/payload`;
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"${place}`));
}
