import { type Deserializers, stringDeserializers } from '@platformatic/kafka';

/** Texts for everything but a message's value, whose bytes may be anything. */
export const withBytes: Deserializers<string, Buffer, string, string> = {
  ...stringDeserializers,
  value: (bytes) => bytes,
};
