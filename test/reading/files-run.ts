import { randomUUID } from 'node:crypto';
import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * Says which files of a service and of its chassis run for one request and for one event:
 * `node files-run.ts FOLDER`. Each comes twice: the first time, much runs that is then remembered.
 */
const [folder = ''] = process.argv.slice(2);
const { resolve } = createRequire(path.join(folder, 'package.json'));
const own = (file: string) => import(pathToFileURL(path.join(folder, file)).href);
const chassis = (part: string) => import(pathToFileURL(resolve(`service-chassis/${part}`)).href);

const { isolated, quietly, startShared, whenStarted } = await chassis('testing');
const { InProcessBus } = await chassis('development');
const { standIns } = await own('development/stand-ins.ts');
const { loadConfig } = await own('src/config.ts');
const { buildService } = await own('src/service.ts');
const { newEvent } = await own('src/events/event.ts');
const { default: requested } = await own('src/events/schemas/order-requested.v1.ts');

const ends: (() => unknown)[] = [await startShared(standIns, process.env)];
const { environment, inProcess } = await isolated(standIns, process.env, (end: () => unknown) =>
  ends.push(end),
);
const bus = new InProcessBus();
const config = await loadConfig({ ...quietly, ...inProcess.environment, ...environment });
const app = await buildService({ ...inProcess.options, bus, config });
await app.ready();
await whenStarted(app);

const profiler = new Session();
profiler.connect();
await profiler.post('Profiler.enable');
await profiler.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

/** What has run since this was last asked. */
async function filesRun(): Promise<string[]> {
  const { result } = await profiler.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
    .flatMap(({ url }) => /\/service-chassis\/dist\/.*|\/src\/.*/.exec(url)?.[0] ?? [])
    .map((file) => file.replace('/service-chassis/dist/', 'chassis/').replace('/src/', 'src/'))
    .toSorted();
}

/** What runs for an act that ends when so many messages have gone over the bus. */
async function filesOf(messages: number, act: () => Promise<unknown>): Promise<string[]> {
  let files: string[] = [];
  for (let time = 1; time <= 2; time += 1) {
    const before = bus.published.length;
    await filesRun();
    await act();
    while (bus.published.length < before + messages) await delay(5);
    files = await filesRun();
  }
  return files;
}

const request = await filesOf(1, async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const asked = { method: 'POST', url: '/orders', payload: { reference: 'A-1' }, headers } as const;
  const { statusCode } = await app.inject(asked);
  if (statusCode !== 201) throw new Error(`POST /orders: ${statusCode}`);
});
const event = await filesOf(2, () =>
  bus.publish([app.events.messageOf(newEvent(requested, randomUUID(), { reference: 'B-1' }))]),
);
console.log(JSON.stringify({ request, event }));
await app.close();
for (const end of ends.reverse()) await end();
process.exit(0);
