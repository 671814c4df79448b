import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Judge, Policy, type PolicyOptions } from '../../src/resilience/index.ts';

/** The dependency failed. */
export class Down extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(retryAfterMs?: number) {
    super('down');
    this.retryAfterMs = retryAfterMs;
  }
}

/** The dependency answered that it will not. Any other error is not its own. */
export class Refused extends Error {}

/** A policy for one test, with what it has logged and the value of its metrics. */
export function testPolicy(options: Partial<PolicyOptions> = {}, name = 'upstream') {
  const metrics = new Registry();
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void logged.push(line) });
  const judge: Judge = (error) => {
    if (error instanceof Down || error.name === 'TimeoutError') return 'failure';
    return error instanceof Refused ? 'answer' : 'nothing';
  };
  const policy = new Policy(name, judge, { log, metrics }, options);
  /** One sample, as a monitoring system reads it. */
  const metric = async (sample: string): Promise<number> => {
    const lines = (await metrics.metrics()).split('\n');
    return Number(
      lines
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')
        .at(-1),
    );
  };
  return { policy, logged, metric, metrics };
}

export async function fails(): Promise<never> {
  throw new Down();
}

export async function works(): Promise<string> {
  return 'done';
}

/** An attempt that never ends by itself. */
export function hangs(): Promise<never> {
  return new Promise(() => undefined);
}
