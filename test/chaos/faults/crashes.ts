import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../support/instance.ts';
import { type Fault, partsOf, pick, pickInstance } from './fault.ts';

/** How long everything is there again before the next fault. */
const settleMs = 3000;

/** Everything dies. */
export const crashes: readonly Fault[] = [
  {
    name: 'an instance is killed',
    hit: 'processes ended',
    floor: 1,
    async hurt(target) {
      const { instance } = pickInstance(target);
      await instance.end('SIGKILL');
      await delay(2000 * target.next());
      instance.start();
      return 1;
    },
  },
  {
    name: 'the broker is killed',
    hit: 'processes ended',
    floor: 1,
    async hurt({ system: { broker }, next }) {
      await broker.stop();
      await delay(3000 * next());
      await broker.start();
      return 1;
    },
  },
  {
    name: 'a database crashes',
    hit: 'servers ended',
    floor: 1,
    async hurt({ system, next }) {
      const { database } = pick(partsOf(system), next);
      await database.stop();
      await delay(2000 * next());
      await database.start();
      return 1;
    },
  },
  {
    name: 'the broker is wiped',
    hit: 'brokers that came back empty',
    floor: 1,
    async hurt({ system, load, atRest }) {
      const { broker } = system;
      // What a broker held that was not handled is gone with it; the services can do nothing about that.
      const isWiped = await atRest(async () => {
        await broker.stop();
        await broker.wipe();
        await broker.start();
      });
      // RabbitMQ does not find a quorum queue again if it is killed, or stands still, about a second after the
      // queue was made.
      await atRest(async () => {
        const instances = partsOf(system).flatMap((part) => part.instances);
        const there = instances.filter((instance) => !load.away.has(instance));
        await Promise.all(there.map((instance) => untilBusIsUp(instance)));
        await delay(settleMs);
      });
      return isWiped ? 1 : 0;
    },
  },
];

/** Waits until an instance has its bus again, a minute at most: it may be one that stands still. */
async function untilBusIsUp({ url }: Instance): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  while (!signal.aborted) {
    const answer = await fetch(`${url}/health/ready`, { signal }).catch(() => undefined);
    const said: unknown = await answer?.json().catch(() => undefined);
    if (JSON.stringify(said)?.includes('"bus":{"status":"up"')) return;
    await delay(200);
  }
}
