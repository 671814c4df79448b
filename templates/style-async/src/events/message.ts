import type { Message } from './bus/bus.ts';
import { type CloudEvent, cloudEventSchema } from './event.ts';

const structuredType = 'application/cloudevents+json';

const structuredHeaders = { 'content-type': `${structuredType}; charset=UTF-8` };

/**
 * Puts an event into a message, in CloudEvents' structured mode.
 *
 * @param body the event as JSON, for those who have it already.
 */
export function messageOf(event: CloudEvent, body = JSON.stringify(event)): Message {
  return { topic: event.type, key: event.subject, body, headers: structuredHeaders };
}

/**
 * Reads the event in a message. This service writes the structured mode; what others send may be in
 * the binary one, whose attributes are headers: `ce_id` by the Kafka binding, `ce-id` by that for
 * NATS, `cloudEvents:id` or `cloudEvents_id` by that for AMQP. A message without a subject takes its
 * key for one.
 *
 * @throws SyntaxError when the body is not JSON, ZodError when it is no event.
 */
export function eventOf({ key, body, headers }: Message): CloudEvent {
  const attributes = binaryAttributes(headers);
  const content: unknown =
    attributes.specversion === undefined
      ? JSON.parse(body)
      : { ...attributes, data: body === '' ? undefined : JSON.parse(body) };
  const lacksSubject = typeof content === 'object' && content !== null && !('subject' in content);
  return cloudEventSchema.parse(lacksSubject ? { ...content, subject: key } : content);
}

function binaryAttributes(headers: Message['headers']): Record<string, string> {
  const type = headers['content-type'] ?? 'application/json';
  if (type.startsWith(structuredType)) return {};
  const attributes = Object.entries(headers).flatMap(([name, value]) => {
    const attribute = /^(?:ce[_-]|cloudevents[:_])([a-z0-9]+)$/.exec(name)?.[1];
    return attribute === undefined ? [] : [[attribute, value] as const];
  });
  const [mediaType = type] = type.split(';');
  return { datacontenttype: mediaType.trim(), ...Object.fromEntries(attributes) };
}
