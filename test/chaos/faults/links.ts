import { setTimeout as delay } from 'node:timers/promises';
import type { TcpProxy } from '../proxy.ts';
import type { RunningSystem } from '../system.ts';
import { type Fault, partsOf, pick } from './fault.ts';

/** Between services and servers. */
export const links: readonly Fault[] = [
  {
    name: 'the connections of a link are cut',
    hit: 'connections cut',
    floor: 3,
    async hurt({ system, next }) {
      return pick(linksOf(system), next).cut();
    },
  },
  {
    name: 'a link is slow',
    hit: 'chunks delayed',
    floor: 20,
    async hurt({ system, next }) {
      const link = pick(linksOf(system), next);
      const before = link.delayed;
      link.slow(Math.round(50 + 250 * next()));
      await delay(1000 + 3000 * next());
      link.slow(0);
      return link.delayed - before;
    },
  },
];

function linksOf(system: RunningSystem): readonly TcpProxy[] {
  return [system.brokerLink, ...partsOf(system).map(({ link }) => link)];
}
