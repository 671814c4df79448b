import { setTimeout as delay } from 'node:timers/promises';
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
    async hurt({ system: { broker }, atRest }) {
      // What a broker held that was not handled is gone with it; the services can do nothing about that.
      const isWiped = await atRest(async () => {
        await broker.stop();
        await broker.wipe();
        await broker.start();
      });
      // RabbitMQ does not find a quorum queue again if it is killed about a second after the queue was made.
      await atRest(() => delay(settleMs));
      return isWiped ? 1 : 0;
    },
  },
];
