import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { createService, parseAnswers } from '../src/index.ts';
import { busServers } from '../test/support/buses.ts';
import { installedDependencies } from '../test/support/dependencies.ts';
import { PostgresServer } from '../test/support/postgres.ts';

/**
 * Two emitted services on a bus's real server, each with a database: one publishes events at a steady
 * rate, the other handles them. Prints what each needs, every minute, and whether that is flat: whether
 * neither the heap after a collection nor the resident memory grows by a megabyte a minute or more,
 * by a line through the last two thirds of the time.
 */
const { values } = parseArgs({
  options: {
    bus: { type: 'string', default: 'kafka' },
    rate: { type: 'string', default: '500' },
    minutes: { type: 'string', default: '10' },
  },
});
const mostGrowth = 1;

/** What a service needs at some time, in minutes, megabytes and milliseconds. */
interface Sample {
  readonly minute: number;
  readonly rss: number;
  /** After a forced collection. */
  readonly heap: number;
  /** What V8 has reserved for its heap; it becomes resident page by page as it is first written to. */
  readonly reserved: number;
  /** 99th percentile of the event loop's delay since the last sample. */
  readonly lag: number;
  /** Handled since the last sample, or published since the start. */
  readonly events: number;
}

const dependencies = await installedDependencies();
const postgres = await PostgresServer.create();
const server = await busServers[values.bus]?.create();
if (server === undefined) throw new Error(`there is no bus ${values.bus}`);
const { environment } = server;
const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-bench-'));
try {
  const publisher = await emit('orders');
  await fs.rm(path.join(publisher, 'src/events/handlers/order-measured.ts'));
  const runs = [run(publisher, values.rate), run(await emit('billing'), '0')];
  const flat = await Promise.all(runs);
  process.exitCode = flat.every(Boolean) ? 0 : 1;
} finally {
  await fs.rm(root, { recursive: true, force: true });
  await server.dispose();
  await postgres.dispose();
  await dependencies.dispose();
}

async function emit(name: string): Promise<string> {
  const { answers } = parseAnswers({ name, style: 'async', bus: values.bus });
  const { folder } = await createService(answers, { cwd: root });
  await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
  await fs.cp(path.join(import.meta.dirname, 'events/service'), folder, { recursive: true });
  return folder;
}

/** Runs a service for the time, and returns whether its memory stayed flat. */
async function run(folder: string, rate: string): Promise<boolean> {
  const name = path.basename(folder);
  const seconds = `${Number(values.minutes) * 60}`;
  const child = execa('node', ['--expose-gc', 'steady.ts', rate, seconds], {
    cwd: folder,
    stdin: 'ignore',
    stderr: 'inherit',
    buffer: false,
    env: {
      ...environment,
      ...(await postgres.database(name)),
      EVENTS_CREATE_TOPICS: 'true',
      LOG_LEVEL: 'error',
    },
  });
  const samples: Sample[] = [];
  for await (const line of readline.createInterface(child.stdout)) {
    const sample: Sample = JSON.parse(line);
    const isNewMinute = Math.floor(sample.minute) > Math.floor(samples.at(-1)?.minute ?? 0);
    samples.push(sample);
    if (isNewMinute) print(name, sample);
  }
  await child;
  const growth = slopes(samples);
  const isFlat = growth.heap < mostGrowth && growth.rss < mostGrowth;
  const grows = `heap ${growth.heap.toFixed(2)}, RSS ${growth.rss.toFixed(2)} MB a minute`;
  console.log(`${values.bus} ${name}: ${isFlat ? 'flat' : 'NOT flat'} (${grows})`);
  return isFlat;
}

function print(name: string, { minute, rss, heap, reserved, lag, events }: Sample): void {
  const [at, resident, used, of] = [minute, rss, heap, reserved].map((value) => value.toFixed(1));
  const memory = `RSS ${resident} MB, heap ${used} MB of ${of} MB`;
  console.log(
    `${name} ${at} min: ${memory}, event loop p99 ${lag.toFixed(1)} ms, ${events} events`,
  );
}

/** How much heap and resident memory grow a minute, by least squares over the last two thirds. */
function slopes(samples: readonly Sample[]): { heap: number; rss: number } {
  const last = samples.slice(Math.floor(samples.length / 3));
  return { heap: slope(last, ({ heap }) => heap), rss: slope(last, ({ rss }) => rss) };
}

function slope(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [meanMinute, meanValue] = [mean(({ minute }) => minute), mean(value)];
  const deviation = (sample: Sample): number => sample.minute - meanMinute;
  const covariance = mean((sample) => deviation(sample) * (value(sample) - meanValue));
  return covariance / mean((sample) => deviation(sample) ** 2);
}
