import type { Message } from './bus/bus.ts';
import { type CloudEvent, cloudEventSchema } from './event.ts';

const structuredType = 'application/cloudevents+json';

/** Without a character set, since JSON has only one, and some who read this take no parameter. */
const structuredHeaders = { 'content-type': structuredType };

/** A message on its way out that is an event. */
export interface EventMessage extends Message {
  readonly type: string;
}

/** What is known of an event besides itself. */
interface Known {
  /** The topic that carries it; its type's name unless told. */
  readonly topic?: string;
  /** The event as JSON. */
  readonly body?: string | undefined;
}

/** Puts an event into a message, in CloudEvents' structured mode. */
export function messageOf(
  event: CloudEvent,
  { topic = event.type, body = JSON.stringify(event) }: Known = {},
): EventMessage {
  return { type: event.type, topic, key: event.subject, body, headers: structuredHeaders };
}

/**
 * Reads the event in a message. This service writes the structured mode; what others send may be in
 * the binary one, whose attributes are headers: `ce_id` by the Kafka binding, `ce-id` by that for
 * NATS, `cloudEvents:id` or `cloudEvents_id` by that for AMQP. A message without a subject takes its
 * key for one.
 *
 * @throws SyntaxError when the body is not JSON in UTF-8, ZodError when it is no event.
 */
export function eventOf({ key, body, base64, headers }: Message): CloudEvent {
  // JSON is UTF-8: read as text, it would say something else than what was sent.
  if (base64 !== undefined) throw new SyntaxError('the body is not UTF-8');
  const { specversion, ...attributes } = binaryAttributes(headers);
  const content: unknown =
    specversion === undefined
      ? JSON.parse(body)
      : { specversion, ...attributes, ...(body !== '' && { data: read(body, attributes) }) };
  const isObject = typeof content === 'object' && content !== null;
  return cloudEventSchema.parse(isObject ? complete({ ...content }, key) : content);
}

/** An attribute that is null is absent, and data may be bytes. */
function complete(content: Record<string, unknown>, key: string): Record<string, unknown> {
  const { data_base64: bytes, ...given } = content;
  const isGiven = ([name, value]: [string, unknown]): boolean => value !== null || name === 'data';
  const event: Record<string, unknown> = {
    subject: key,
    ...Object.fromEntries(Object.entries(given).filter(isGiven)),
  };
  if (typeof bytes !== 'string') return event;
  return { ...event, data: read(Buffer.from(bytes, 'base64').toString(), event) };
}

/** Data as its content type says: JSON, when there is none. */
function read(text: string, attributes: { readonly datacontenttype?: unknown }): unknown {
  const { datacontenttype: type = 'application/json' } = attributes;
  const isJson = typeof type === 'string' && /^[^;]*[/+]json *(;|$)/i.test(type);
  return isJson ? JSON.parse(text) : text;
}

function binaryAttributes(headers: Message['headers']): Record<string, string> {
  const type = headers['content-type'] ?? 'application/json';
  if (type.toLowerCase().startsWith(structuredType)) return {};
  const attributes = Object.entries(headers).flatMap(([name, value]) => {
    const attribute = /^(?:ce[_-]|cloudevents[:_])([a-z0-9]+)$/.exec(name)?.[1];
    return attribute === undefined ? [] : [[attribute, value] as const];
  });
  return { datacontenttype: type, ...Object.fromEntries(attributes) };
}
