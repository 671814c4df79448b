import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { accepts } from '../../support/ports.ts';
import { type Fault, pickInstance } from './fault.ts';

/** Seconds after which the rest takes an instance for gone: sessions of the relay, heartbeats of RabbitMQ. */
const longestLease = 15;

/** What is there and does not answer. */
export const hangs: readonly Fault[] = [
  {
    name: 'an instance hangs past every lease',
    hit: 'processes that stood still',
    floor: 1,
    aside: true,
    async hurt(target) {
      const { instance } = pickInstance(target);
      target.load.away.add(instance);
      const { pid } = instance;
      process.kill(pid, 'SIGSTOP');
      const stood = await isStopped(pid);
      await delay(1000 * target.seconds(longestLease + 2, 75));
      process.kill(pid, 'SIGCONT');
      target.load.away.delete(instance);
      return stood ? 1 : 0;
    },
  },
  {
    name: 'the broker hangs past the limits of its clients',
    hit: 'brokers that took connections and said nothing',
    floor: 1,
    async hurt({ system: { broker }, seconds }) {
      broker.freeze();
      const isSilent = await accepts(broker.port);
      await delay(1000 * seconds(12, 40));
      broker.thaw();
      return isSilent ? 1 : 0;
    },
  },
];

async function isStopped(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return true;
    await delay(10);
  }
  return false;
}
