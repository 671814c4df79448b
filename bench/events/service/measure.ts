import { setTimeout as delay } from 'node:timers/promises';
import { openSide } from './bare/side.ts';
import { relayByHand } from './by-hand.ts';
import { fillOutbox } from './outbox.ts';
import { loadConfig } from './src/config.ts';
import { newEvent } from './src/events/event.ts';
import measured from './src/events/schemas/order-measured.v1.ts';
import { handled } from './src/measured.ts';
import { buildService } from './src/service.ts';

/**
 * `measure.ts BUS emitted|by-hand|bare COUNT RATE SECONDS`, in an emitted service: the throughput of COUNT
 * events that are there at once, then latency and memory at RATE events a second. Prints JSON.
 */
const [bus, side, count, rate, seconds] = process.argv.slice(2);
const total = Number(count);
const keys = 1000;
/** As many as the relay of the emitted service takes. */
const publishedTogether = 500;

interface Throughput {
  readonly perSecond: number;
  /** Processor time of this process for each of those events, in microseconds. */
  readonly processor: number;
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
  /** Resident memory in MB, at every tenth of the time. */
  readonly memory: readonly number[];
}

const sides: Readonly<Record<string, () => Promise<Throughput & Partial<Latency>>>> = {
  bare,
  'by-hand': byHand,
  emitted,
};
console.log(JSON.stringify(await sides[side]?.()));
process.exit(0);

async function emitted(): Promise<Throughput & Latency> {
  const config = await loadConfig(process.env);
  await fillOutbox(config, total, keys);
  const app = await buildService({ config });
  await app.ready();
  const { perSecond, processor } = await throughput();
  const { latencies, memory } = await steadily(async (key) => {
    const event = newEvent(measured, key, { at: performance.now() });
    await app.database.transaction((work) => work.publish(event));
  });
  await app.close();
  return { perSecond, processor, ...percentiles(latencies), memory };
}

/** Its throughput only: nothing wakes its relay. */
async function byHand(): Promise<Throughput> {
  const config = await loadConfig(process.env);
  await fillOutbox(config, total, keys);
  await relayByHand(await openSide(bus), config.database, total, note);
  return throughput();
}

async function bare(): Promise<Throughput & Latency> {
  const client = await openSide(bus);
  await client.consume((body) => note(JSON.parse(body).data.at));
  const message = (key: string) => ({
    key,
    body: JSON.stringify(newEvent(measured, key, { at: performance.now() })),
  });
  const messages = Array.from({ length: total }, (_, index) => message(`${index % keys}`));
  await client.publish(messages.slice(0, 1));
  await until(() => handled.length === 1);
  const [speed] = await Promise.all([throughput(), publishAll()]);
  const { latencies, memory } = await steadily((key) => client.publish([message(key)]));
  await client.close();
  return { ...speed, ...percentiles(latencies), memory };

  async function publishAll(): Promise<void> {
    for (let from = 1; from < total; from += publishedTogether)
      await client.publish(messages.slice(from, from + publishedTogether));
  }
}

function note(writtenAt: number): void {
  const now = performance.now();
  handled.push({ at: now, latency: now - writtenAt });
}

/** Waits until all are handled, and returns how fast that went from the first one on. */
async function throughput(): Promise<Throughput> {
  await until(() => handled.length > 0);
  const before = process.cpuUsage();
  const left = total - handled.length;
  await until(() => handled.length >= total);
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: rateOf(handled.map(({ at }) => at)),
    processor: Math.round((user + system) / left),
  };
}

/** Publishes at the rate, for the time, and returns the latencies of those events. */
async function steadily(publish: (key: string) => Promise<void>) {
  handled.length = 0;
  const latencies: number[] = [];
  const memory: number[] = [];
  const wanted = Number(rate) * Number(seconds);
  const started = performance.now();
  const pending: Promise<void>[] = [];
  for (let sent = 0; sent < wanted; ) {
    const due = ((performance.now() - started) / 1000) * Number(rate);
    for (; sent < Math.min(due, wanted); sent += 1) pending.push(publish(`${sent % keys}`));
    if (sent >= (memory.length + 1) * (wanted / 10)) memory.push(megabytes());
    latencies.push(...handled.splice(0).map(({ latency }) => latency));
    if (pending.length > 1000) await Promise.all(pending.splice(0));
    await delay(2);
  }
  await Promise.all(pending);
  await until(() => latencies.length + handled.length >= wanted);
  latencies.push(...handled.splice(0).map(({ latency }) => latency));
  return { latencies, memory };
}

function rateOf(times: readonly number[]): number {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return Math.round((times.length - 1) / ((last - first) / 1000));
}

function percentiles(values: number[]): { p50: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99) };
}

function megabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}
