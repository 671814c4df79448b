import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { serviceInfo } from '../service-info.ts';
import type { DeadLetterStore, Message } from './bus/bus.ts';
import { expectConfirmed } from './bus/outcomes.ts';
import { messageOf } from './message.ts';
import { deadLetterTopic, replayTopic } from './own-topics.ts';

/** A message that could not be handled, as it came, and why. */
const letterSchema = z.object({
  id: z.string(),
  time: z.string(),
  data: z.object({
    reason: z.string(),
    stack: z.string().optional(),
    attempts: z.number(),
    original: z.object({
      topic: z.string(),
      key: z.string(),
      body: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  }),
});

export type DeadLetter = z.infer<typeof letterSchema>;

/** Wraps a message that is given up: a CloudEvent itself, under a key of its own. */
export function deadLetterOf(message: Message, error: unknown, attempts: number): Message {
  const { topic, key, body, headers } = message;
  const id = uuidv7();
  return messageOf({
    specversion: '1.0',
    id,
    source: `/${serviceInfo.name}`,
    type: deadLetterTopic,
    subject: id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      reason: error instanceof Error ? error.message : String(error),
      stack: error instanceof Error ? error.stack : undefined,
      attempts,
      original: { topic, key, body, headers },
    },
  });
}

/** The service's dead letters, oldest first. */
export async function* deadLetters(store: DeadLetterStore): AsyncGenerator<DeadLetter> {
  for await (const { body } of store.readDeadLetters(deadLetterTopic)) {
    yield letterSchema.parse(JSON.parse(body));
  }
}

/** Has the service handle the message again, and forgets the letter. */
export async function replay(store: DeadLetterStore, { id, data }: DeadLetter): Promise<void> {
  expectConfirmed(await store.publish([{ ...data.original, topic: replayTopic }]));
  await store.removeDeadLetter(deadLetterTopic, id);
}

/** Forgets a letter and with it the message. */
export function drop(store: DeadLetterStore, { id }: DeadLetter): Promise<void> {
  return store.removeDeadLetter(deadLetterTopic, id);
}
