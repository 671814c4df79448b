import {
  type Deserializers,
  type Message as KafkaMessage,
  stringDeserializers,
} from '@platformatic/kafka';
import { bodyFrom, type Message } from '../events/index.ts';

/** Texts for everything but a message's value, whose bytes may be anything. */
export const withBytes: Deserializers<string, Buffer, string, string> = {
  ...stringDeserializers,
  value: (bytes) => bytes,
};

/** A message as a consumer that was made with these deserializers reads it. */
type ReadMessage = KafkaMessage<string, Buffer, string, string>;

/** What a message without a value has for a body. */
const noBytes = Buffer.alloc(0);

/** Puts what was read into the form of the port. */
export function messageFrom({ topic, key, value, headers }: ReadMessage): Message {
  const lowerCased = [...headers].map(([name, text]) => [name.toLowerCase(), text] as const);
  return {
    topic,
    key: key ?? '',
    ...bodyFrom(value ?? noBytes),
    headers: Object.fromEntries(lowerCased),
  };
}
