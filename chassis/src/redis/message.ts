import type { Message } from '../events/bus/bus.ts';

/** The fields of a stream's entry. */
export type Fields = Record<string, string>;

const headerPrefix = 'header:';

/** What is written of a message: its key, its body, and each header as a field of its own. */
export function fieldsOf({ key, body, headers }: Message): Fields {
  const prefixed = Object.entries(headers).map(([name, text]) => [`${headerPrefix}${name}`, text]);
  return { key, body, ...Object.fromEntries(prefixed) };
}

/** Reads an entry; one that somebody wrote without a key or a body has an empty one. */
export function messageFrom(topic: string, fields: Fields): Message {
  const headers = Object.entries(fields)
    .filter(([name]) => name.startsWith(headerPrefix))
    .map(([name, text]) => [name.slice(headerPrefix.length).toLowerCase(), text]);
  const { key = '', body = '' } = fields;
  return { topic, key, body, headers: Object.fromEntries(headers) };
}

/** Puts together what Redis lists as name, value, name, value … */
export function pairs(list: readonly string[]): Fields {
  const fields: Fields = {};
  for (let index = 0; index < list.length; index += 2) {
    fields[list[index] ?? ''] = list[index + 1] ?? '';
  }
  return fields;
}
