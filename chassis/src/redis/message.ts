import { bodyBytes, bodyFrom, type Message } from '../events/index.ts';

/** The fields of a stream's entry, as they are written and as they are read. */
export type Fields = Record<string, string | Buffer>;
type ReadFields = Readonly<Record<string, Buffer>>;

const headerPrefix = 'header:';
const nothing = Buffer.alloc(0);

/** What is written of a message: its key, its body, and each header as a field of its own. */
export function fieldsOf(message: Message): Fields {
  const { key, headers } = message;
  const prefixed = Object.entries(headers).map(([name, text]) => [`${headerPrefix}${name}`, text]);
  return { key, body: bodyBytes(message), ...Object.fromEntries(prefixed) };
}

/** Reads an entry; one that somebody wrote without a key or a body has an empty one. */
export function messageFrom(topic: string, fields: ReadFields): Message {
  const headers = Object.entries(fields)
    .filter(([name]) => name.startsWith(headerPrefix))
    .map(([name, text]) => [name.slice(headerPrefix.length).toLowerCase(), text.toString()]);
  const { key = nothing, body = nothing } = fields;
  return {
    ...{ topic, key: key.toString(), headers: Object.fromEntries(headers) },
    ...bodyFrom(body),
  };
}

/** Puts together what Redis lists as name, value, name, value … */
export function pairs(list: readonly Buffer[]): ReadFields {
  const fields: Record<string, Buffer> = {};
  for (let index = 0; index < list.length; index += 2) {
    fields[`${list[index] ?? ''}`] = list[index + 1] ?? nothing;
  }
  return fields;
}
