import { expect, onTestFinished, test, vi } from 'vitest';
import { Relay } from '../../src/outbox/relay.ts';
import { buildService } from '../support/service.ts';

const stuckAfterMs = 1500;
const wakeUps = { listen: async () => undefined, stop: async () => undefined };

/** An instance whose turns at the outbox end one after the other as told, and from then on as the last. */
async function relaying(...turns: readonly ('fails' | 'is another' | 'succeeds')[]) {
  const { log } = await buildService();
  let made = 0;
  const relay = new Relay(
    () => wakeUps,
    {
      async relay() {
        const turn = turns[Math.min(made, turns.length - 1)];
        made += 1;
        if (turn === 'fails') throw new Error('the bus is away');
        return turn === 'succeeds' ? 0 : undefined;
      },
      dueIn: () => 50,
    },
    stuckAfterMs,
    log,
  );
  relay.start();
  onTestFinished(() => relay.stop());
  return { relay, made: () => made };
}

test('that another instance relays is no success of one that has failed', async () => {
  const { relay, made } = await relaying(
    'fails',
    'is another',
    'is another',
    'fails',
    'is another',
  );
  await expect.poll(made).toBeGreaterThan(3);
  const isStuck = () => expect(() => relay.check()).toThrow('nothing was relayed');
  await vi.waitFor(isStuck, 5000);
});

test('an instance that is never the one that relays is not stuck', async () => {
  const { relay, made } = await relaying('is another');
  await expect.poll(made, { timeout: 10_000, interval: 100 }).toBeGreaterThan(40);
  expect(() => relay.check()).not.toThrow();
});

test('a success ends it', async () => {
  const { relay, made } = await relaying('fails', 'is another', 'succeeds', 'is another');
  await expect.poll(made, { timeout: 10_000, interval: 100 }).toBeGreaterThan(40);
  expect(() => relay.check()).not.toThrow();
});
