import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Message } from './bus.ts';
import type { Link } from './rabbitmq-link.ts';
import { messageFrom } from './rabbitmq-message.ts';

/** The most that the server hands to one consumer unacknowledged. */
const most = 65_535;
const patienceMs = 10_000;

/** What the queue of dead letters holds, oldest first. */
export async function readLetters(link: Link, queue: string): Promise<readonly Message[]> {
  const letters: Message[] = [];
  await look(link, queue, (delivery) => {
    letters.push(messageFrom(queue, delivery));
    return false;
  });
  return letters;
}

/** Removes the letter of a key, if it is there. */
export function removeLetter(link: Link, queue: string, key: string): Promise<void> {
  return look(link, queue, (delivery, channel) => {
    if (messageFrom(queue, delivery).key !== key) return false;
    channel.ack(delivery);
    return true;
  });
}

/**
 * Shows each letter to `see` until that returns true. The channel is closed without acknowledging
 * them, which puts all back in their place. (`basic.get` would not: a quorum queue forgets the order
 * of what was got one by one.)
 */
function look(
  link: Link,
  queue: string,
  see: (delivery: ConsumeMessage, channel: Channel) => boolean,
): Promise<void> {
  return link.withChannel(async (channel) => {
    const count = Math.min(await countUnread(channel, queue), most);
    if (count === 0) return;
    await channel.prefetch(most);
    const seen = Promise.withResolvers<void>();
    const timer = setTimeout(() => seen.reject(inUse(queue)), patienceMs);
    channel.once('close', () => seen.reject(new Error('the connection broke')));
    let left = count;
    const take = (delivery: ConsumeMessage | null): void => {
      if (left === 0) return;
      left = delivery === null || see(delivery, channel) ? 0 : left - 1;
      if (left === 0) seen.resolve();
      else timer.refresh();
    };
    await Promise.all([seen.promise, channel.consume(queue, take)]);
    clearTimeout(timer);
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
