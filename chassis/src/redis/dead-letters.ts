import type { Message } from '../events/index.ts';
import { asBytes, type Batch, type RedisConnection } from './connection.ts';
import { fieldsOf, messageFrom } from './message.ts';
import { streamOf } from './topics.ts';

const pageSize = 100;

/** Appends a letter in the place of an older one of its key. KEYS: stream, its index. ARGV: key, fields. */
const keepScript = `
  local older = redis.call('HGET', KEYS[2], ARGV[1])
  if older then redis.call('XDEL', KEYS[1], older) end
  local id = redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
  redis.call('HSET', KEYS[2], ARGV[1], id)`;

/** KEYS: stream, its index. ARGV: key. */
const removeScript = `
  local id = redis.call('HGET', KEYS[2], ARGV[1])
  if id then redis.call('XDEL', KEYS[1], id) end
  redis.call('HDEL', KEYS[2], ARGV[1])`;

/** Adds a letter to what is published: to a stream that is never trimmed, with an index of its keys. */
export function keepLetter(batch: Batch, letter: Message): void {
  const fields = Object.entries(fieldsOf(letter)).flat();
  batch.eval(keepScript, { keys: keysOf(letter.topic), arguments: [letter.key, ...fields] });
}

export async function removeLetter(
  connection: RedisConnection,
  topic: string,
  key: string,
): Promise<void> {
  await connection.run((client) =>
    client.eval(removeScript, { keys: keysOf(topic), arguments: [key] }),
  );
}

/** The letters, oldest first. */
export async function* readLetters(
  connection: RedisConnection,
  topic: string,
): AsyncGenerator<Message> {
  for (let start = '-'; ; ) {
    const page = await connection.run((client) =>
      client.withTypeMapping(asBytes).xRange(streamOf(topic), start, '+', { COUNT: pageSize }),
    );
    for (const { message } of page ?? []) yield messageFrom(topic, message);
    const last = page?.at(-1);
    if (last === undefined) return;
    start = `(${last.id}`;
  }
}

function keysOf(topic: string): string[] {
  return [streamOf(topic), `${streamOf(topic)}:ids`];
}
