import type { Message as Delivery, Options } from 'amqplib';
import { bodyFrom, type Message } from '../events/index.ts';

/** Carries the message's key, of which the routing key is only a hash. */
const keyHeader = 'x-message-key';

/** What the server adds to a message that comes again. */
const countHeader = /^x-(delivery|acquired)-count$/;

/** How a message travels: on disk before it is confirmed, its content type where AMQP has it. */
export function optionsOf({ key, headers }: Message): Options.Publish {
  const { 'content-type': contentType, ...others } = headers;
  return {
    persistent: true,
    headers: { ...others, [keyHeader]: key },
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** Reads a message; one that somebody published without the header has its routing key for a key. */
export function messageFrom(topic: string, { content, fields, properties }: Delivery): Message {
  const { [keyHeader]: key, ...others }: Readonly<Record<string, unknown>> = {
    ...properties.headers,
    'content-type': properties.contentType,
  };
  const headers = Object.entries(others).flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) && !countHeader.test(name)
      ? [[name.toLowerCase(), String(value)] as const]
      : [],
  );
  return {
    topic,
    key: typeof key === 'string' ? key : fields.routingKey,
    ...bodyFrom(content),
    headers: Object.fromEntries(headers),
    ...('redelivered' in fields && fields.redelivered === true && { redelivered: true }),
  };
}
