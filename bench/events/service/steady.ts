import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from './src/config.ts';
import { newEvent } from './src/events/event.ts';
import measured from './src/events/schemas/order-measured.v1.ts';
import { handled } from './src/measured.ts';
import { buildService } from './src/service.ts';

/**
 * `node --expose-gc steady.ts RATE SECONDS`, in an emitted service: publishes RATE events a second, or
 * none, while it handles what comes; prints what it needs every few seconds as a line of JSON.
 */
const [rate, seconds] = process.argv.slice(2).map(Number);
const keys = 1000;
const sampleMs = 5000;

const app = await buildService({ config: await loadConfig(process.env) });
await app.ready();
while ((await app.inject('/health/ready')).statusCode !== 200) await delay(100);
const started = performance.now();
const lag = monitorEventLoopDelay({ resolution: 5 });
lag.enable();
const samples = setInterval(sample, sampleMs);
let published = 0;
await Promise.race([publish(), delay(seconds * 1000)]);
clearInterval(samples);
await app.close();
process.exit(0);

async function publish(): Promise<never> {
  while (true) {
    const due = Math.floor(((performance.now() - started) / 1000) * rate);
    const batch: Promise<void>[] = [];
    for (; published + batch.length < due && batch.length < 200; ) batch.push(publishOne());
    await Promise.all(batch);
    published += batch.length;
    await delay(5);
  }
}

function publishOne(): Promise<void> {
  const event = newEvent(measured, `${Math.floor(Math.random() * keys)}`, { at: Date.now() });
  return app.database.transaction((work) => work.publish(event));
}

function sample(): void {
  const { rss } = process.memoryUsage();
  globalThis.gc?.();
  const { heapUsed, heapTotal } = process.memoryUsage();
  console.log(
    JSON.stringify({
      minute: (performance.now() - started) / 60_000,
      rss: rss / 1e6,
      heap: heapUsed / 1e6,
      reserved: heapTotal / 1e6,
      lag: lag.percentile(99) / 1e6,
      events: published + handled.splice(0).length,
    }),
  );
  lag.reset();
}
