import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { emittedService } from './emitted.ts';

/**
 * What the emitted policy costs a call, against the bare call, cockatiel's own four, and opossum;
 * first with an attempt that does not ask for its abort signal, then with one that listens to it.
 * In processor time of the thread, which is what passes on a machine that does nothing else.
 */
const { folder, dispose } = await emittedService();
const opossum = import.meta.resolve('opossum');
await fs.writeFile(
  path.join(folder, 'policy.ts'),
  `import { Policy } from 'service-chassis/resilience';
import { Registry } from 'prom-client';
import { pino } from 'pino';
import Opossum from '${opossum}';
import { bulkhead, circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from 'cockatiel';

const policy = new Policy('x', () => 'failure', { log: pino({ level: 'silent' }), metrics: new Registry() });
const four = wrap(bulkhead(10, 20), circuitBreaker(handleAll, { halfOpenAfter: 30000, breaker: new ConsecutiveBreaker(5) }),
  retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }), timeout(5000, TimeoutStrategy.Aggressive));
const call = async () => 1;
// What an HTTP client does with a signal: it listens while it waits, and no longer.
const listening = async ({ signal }) => {
  const stop = () => undefined;
  signal.addEventListener('abort', stop);
  signal.removeEventListener('abort', stop);
  return 1;
};
const breaker = new Opossum(call, { timeout: 5000 });
const sides = {
  'bare': call,
  'emitted, not repeatable': () => policy.execute(call, false),
  'emitted, repeatable': () => policy.execute(call, true),
  'cockatiel, four policies': () => four.execute(call),
  'opossum with timeout': () => breaker.fire(),
  'signal used: bare, with an AbortController': () => listening(new AbortController()),
  'signal used: emitted, not repeatable': () => policy.execute(listening, false),
  'signal used: emitted, repeatable': () => policy.execute(listening, true),
  'signal used: cockatiel, four policies': () => four.execute(listening),
};
const times = new Map(Object.keys(sides).map((side) => [side, []]));
for (let round = 0; round < 7; round += 1) {
  for (const [side, run] of Object.entries(sides)) {
    const before = process.threadCpuUsage();
    for (let i = 0; i < 100_000; i += 1) await run();
    const { user, system } = process.threadCpuUsage(before);
    times.get(side).push((user + system) / 100_000);
  }
}
for (const [side, values] of times) console.log(side + ': ' + values.sort((a, b) => a - b)[3].toFixed(2) + ' µs');
process.exit(0);
`,
);
await execa(process.execPath, ['policy.ts'], { cwd: folder, stdout: 'inherit', stderr: 'inherit' });
await dispose();
