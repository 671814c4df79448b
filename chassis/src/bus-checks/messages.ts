import assert from 'node:assert/strict';
import type { Message } from '../events/index.ts';

export function message(topic: string, key: string, body: string): Message {
  const headers = { 'content-type': 'text/plain', traceparent: '00-ab-cd-01' };
  return { topic, key, body, headers };
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

export function bodies(messages: readonly Message[]): string[] {
  return messages.map(({ body }) => body);
}

/** So many messages of each of so many keys; a body says its key and its place among the key's. */
export function keyed(topic: string, keys: number, each: number): Message[] {
  return numbers(each).flatMap((place) =>
    numbers(keys).map((key) => message(topic, `${key}`, `${key}:${place}`)),
  );
}

/** The messages of `keyed` were all handled, and those of each key for the first time in order. */
export function assertOrder(handled: readonly Message[], keys: number, each: number): void {
  const distinct = [...new Set(bodies(handled))];
  for (const key of numbers(keys))
    assert.deepEqual(
      distinct.filter((body) => body.startsWith(`${key}:`)),
      numbers(each).map((place) => `${key}:${place}`),
    );
}

/** What came is what was sent, in that order; what the bus adds to it does not matter. */
export function assertSame(came: readonly Message[], sent: readonly Message[]): void {
  const essence = ({ topic, key, body, base64, headers }: Message) => ({
    ...{ topic, key, body, base64, headers: { ...headers } },
  });
  assert.deepEqual(came.map(essence), sent.map(essence));
}
