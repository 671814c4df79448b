import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';
import { testedStores } from '../support/stores.ts';

/** How long the clients go on; a minute by hand: CREATE_SERVICE_UPDATE_SECONDS=60. */
const seconds = Number(process.env.CREATE_SERVICE_UPDATE_SECONDS ?? 2);
const clients = 50;

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

describe.each(testedStores)('$server', ({ datastore, store: { available, create } }) => {
  test.skipIf(!available)(
    'of 50 clients that count one up, through two instances, none loses its step',
    { timeout: 120_000 + seconds * 1000 },
    async () => {
      const root = await temporaryFolder();
      await servicesIn(root, { orders: ['--style', 'sync', '--datastore', datastore] });
      const folder = path.join(root, 'orders');
      await link(folder, dependencies);
      const server = await create();
      try {
        const environment = await server.database('lost_updates');
        const instances = [await ready(folder, environment), await ready(folder, environment)];
        const urls = instances.map(({ url }) => `${url}/orders`);
        const id = await open(urls[0] ?? '');
        const until = performance.now() + seconds * 1000;
        const steps = await Promise.all(
          Array.from({ length: clients }, (_, client) => {
            const url = `${urls[client % urls.length]}/${id}`;
            return countUp(url, until);
          }),
        );
        const sum = steps.reduce((a, b) => a + b, 0);
        const { reference, version } = await shown(await fetch(`${urls[0]}/${id}`));
        console.log(`${datastore}: ${sum} steps by ${clients} clients in ${seconds} s`);
        expect({ reference, version }).toEqual({ reference: `${sum}`, version: sum + 1 });
        expect(sum).toBeGreaterThan(0);
      } finally {
        await server.dispose();
      }
    },
  );
});

async function ready(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> {
  const service = await RunningService.start(folder, environment);
  await service.waitFor('ready', 200);
  return service;
}

async function open(url: string): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reference: '0' }),
  });
  expect(answer.status).toBe(201);
  return (await shown(answer)).id;
}

async function shown(
  answer: Response,
): Promise<{ id: string; reference: string; status: string; version: number }> {
  return JSON.parse(await answer.text());
}

/** Reads and writes back one more, again and again; returns how often that was accepted. */
async function countUp(url: string, until: number): Promise<number> {
  let steps = 0;
  while (performance.now() < until) {
    const seen = await fetch(url);
    const { reference, status } = await shown(seen);
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': seen.headers.get('etag') ?? '' },
      body: JSON.stringify({ reference: `${Number(reference) + 1}`, status }),
    });
    const text = await answer.text();
    if (answer.status === 200) steps += 1;
    else expect([409, 412], text).toContain(answer.status);
  }
  return steps;
}
