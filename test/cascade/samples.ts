import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../support/instance.ts';

/** What a process held at one moment. */
interface Sample {
  readonly at: number;
  readonly openFiles: number;
  readonly memoryMB: number;
}

/** The most that each of some processes held. */
export type Peaks = Readonly<Record<string, { openFiles: number; memoryMB: number }>>;

/** Looks at processes five times in a second until it is stopped. */
export function watch(instances: Readonly<Record<string, Instance>>): {
  stop(): void;
  peaks(from: number, until: number): Peaks;
} {
  const samples: Record<string, Sample[]> = {};
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      for (const [name, { pid }] of Object.entries(instances)) {
        samples[name] ??= [];
        samples[name].push({ at: performance.now(), ...heldBy(pid) });
      }
      await delay(200, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  void look();
  return {
    stop: () => stopping.abort(),
    peaks(from, until) {
      const during = Object.entries(samples).map(([name, all]) => {
        const seen = all.filter(({ at }) => at >= from && at < until);
        return [
          name,
          {
            openFiles: Math.max(...seen.map(({ openFiles }) => openFiles)),
            memoryMB: Math.round(Math.max(...seen.map(({ memoryMB }) => memoryMB))),
          },
        ] as const;
      });
      return Object.fromEntries(during);
    },
  };
}

function heldBy(pid: number): { openFiles: number; memoryMB: number } {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? '0';
  return {
    openFiles: fs.readdirSync(`/proc/${pid}/fd`).length,
    memoryMB: Number(resident) / 1024,
  };
}
