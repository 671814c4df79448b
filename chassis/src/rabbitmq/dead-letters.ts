import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Message } from '../events/index.ts';
import type { Link } from './link.ts';
import { messageFrom } from './message.ts';

/** The most that the server hands to one consumer unacknowledged. */
const most = 65_535;
/** Enough to find a letter that is to be removed, mostly: the oldest go first. */
const few = 100;
const patienceMs = 10_000;

/** What the queue of dead letters holds, oldest first. */
export async function readLetters(link: Link, queue: string): Promise<readonly Message[]> {
  const letters: Message[] = [];
  await look(link, queue, most, (delivery) => {
    letters.push(messageFrom(queue, delivery));
    return false;
  });
  return letters;
}

/** Removes the letter of a key, if it is there. */
export async function removeLetter(link: Link, queue: string, key: string): Promise<void> {
  const remove = (delivery: ConsumeMessage, channel: Channel): boolean => {
    if (messageFrom(queue, delivery).key !== key) return false;
    channel.ack(delivery);
    return true;
  };
  if (!(await look(link, queue, few, remove))) await look(link, queue, most, remove);
}

/**
 * Shows letters to `see` until that returns true, and returns whether it did. The channel is closed
 * without acknowledging them, which puts all back in their place. (`basic.get` would not: a quorum
 * queue forgets the order of what was got one by one.)
 */
function look(
  link: Link,
  queue: string,
  limit: number,
  see: (delivery: ConsumeMessage, channel: Channel) => boolean,
): Promise<boolean> {
  return link.withChannel(async (channel) => {
    let left = Math.min(await countUnread(channel, queue), limit);
    if (left === 0) return false;
    await channel.prefetch(limit);
    const seen = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => seen.reject(inUse(queue)), patienceMs);
    channel.once('close', () => seen.reject(new Error('the connection broke')));
    const take = (delivery: ConsumeMessage | null): void => {
      if (left === 0) return;
      left -= 1;
      const found = delivery !== null && see(delivery, channel);
      if (found || delivery === null) left = 0;
      if (left === 0) seen.resolve(found);
      else timer.refresh();
    };
    const [found] = await Promise.all([seen.promise, channel.consume(queue, take)]);
    clearTimeout(timer);
    return found;
  });
}

/** How many letters there are, once nobody else is looking at them, who would have them all. */
async function countUnread(channel: Channel, queue: string): Promise<number> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    if (consumerCount === 0) return messageCount;
    await delay(50);
  }
  throw inUse(queue);
}

function inUse(queue: string): Error {
  return new Error(`somebody else is looking at ${queue}; try again`);
}
