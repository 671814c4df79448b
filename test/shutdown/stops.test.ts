import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type BusServer, busServers } from '../support/buses.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { Instance } from '../support/instance.ts';
import { random } from '../support/random.ts';
import { type StoreServer, storeServers } from '../support/stores.ts';
import { Load, openIdlers } from './load.ts';
import { addTo, type Emitted, emit } from './subjects.ts';

/** How often each is stopped; more for a long run. */
const stops = Number(process.env.CREATE_SERVICE_STOPS ?? 2);
const seed = Number(process.env.CREATE_SERVICE_SEED ?? 1);
const [drainMs, timeoutMs] = [300, 8500];
const callers = 8;

/** Handles the events of the orders that callers create, each in a moment, by an order of its own. */
const handler = `
import { setTimeout as delay } from 'node:timers/promises';
import { defineHandler } from 'service-chassis/events';
import { createOrder } from '../../application/create-order.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import created from '../schemas/order-created.v1.ts';

export default defineHandler({
  event: created,
  apply: async ({ reference }, work: UnitOfWork) => {
    if (reference !== 'under load') return;
    await delay(Math.random() * 300);
    await createOrder(work, { reference: 'handled' });
  },
});
`;

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let root: string;

beforeAll(async () => {
  dependencies = await installedDependencies();
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-stops-'));
  await fs.chmod(root, 0o755);
});

afterAll(async () => {
  await fs.rm(root, { recursive: true, force: true });
  await dependencies.dispose();
});

/** Starts one again and again and stops it under load; returns how many orders callers have created. */
async function stopAgainAndAgain({ folder, environment }: Emitted): Promise<number> {
  const instance = await Instance.create(folder, {
    ...environment,
    LOG_LEVEL: 'info',
    SHUTDOWN_DRAIN_MS: String(drainMs),
    SHUTDOWN_TIMEOUT_MS: String(timeoutMs),
  });
  onTestFinished(() => void instance.end('SIGKILL'));
  const next = random(seed);
  let created = 0;
  for (let stop = 1; stop <= stops; stop += 1) {
    if (stop > 1) instance.start();
    await instance.untilReady();
    const load = new Load(instance.url, random(seed + stop));
    const idlers = await openIdlers(instance.url);
    const running = load.run(callers);
    await delay(400 + next() * 800);
    const begun = performance.now();
    const pid = instance.pid;
    const ended = instance.end('SIGTERM');
    if (stop % 2 === 0) setTimeout(() => process.kill(pid, 'SIGTERM'), next() * drainMs);
    const code = await ended;
    const ms = performance.now() - begun;
    await running;
    for (const idler of idlers) idler.close();
    const told = `stop ${stop} with seed ${seed}, ${load.answered} answered`;
    expect({ code, failures: load.failures }, told).toEqual({ code: 0, failures: [] });
    expect(ms, told).toBeLessThan(timeoutMs + 1000);
    expect(load.answered, told).toBeGreaterThan(callers);
    created += load.created;
  }
  return created;
}

const timeout = 30_000 + stops * 20_000;

describe('stopped under load, it ends in time and every caller has its answer', () => {
  test('a gateway', { timeout }, async () => {
    const emitted = await emit('gateway', root, dependencies.folder);
    onTestFinished(() => emitted.dispose());
    await stopAgainAndAgain(emitted);
  });

  test.skipIf(busServers.nats?.available !== true)(
    'a service, and no event is lost or has its effect twice',
    { timeout },
    async () => {
      const flags = ['--style', 'both', '--datastore', 'postgres', '--bus', 'nats'];
      const [bus, store]: [BusServer | undefined, StoreServer | undefined] = [
        await busServers.nats?.create(),
        await storeServers.postgres?.create(),
      ];
      onTestFinished(async () => {
        await bus?.dispose();
        await store?.dispose();
      });
      const { folder, ...emitted } = await emit('service', root, dependencies.folder, flags);
      await addTo(folder, { 'events/handlers/order-created.ts': handler });
      const environment = {
        ...bus?.environment,
        ...(await store?.database('orders')),
        EVENTS_CREATE_TOPICS: 'true',
        // Work has to end before the stop does, which has little time here.
        DATABASE_CONNECT_TIMEOUT_MS: '1000',
        DATABASE_STATEMENT_TIMEOUT_MS: '500',
        DATABASE_TRANSACTION_TIMEOUT_MS: '2000',
        EVENTS_HANDLER_TIMEOUT_MS: '2500',
      };
      const created = await stopAgainAndAgain({ ...emitted, folder, environment });
      const last = await Instance.create(folder, environment);
      onTestFinished(() => void last.end('SIGKILL'));
      await last.untilReady();
      expect(created).toBeGreaterThan(0);
      await vi.waitFor(
        async () =>
          expect(await references(last.url)).toEqual({ 'under load': created, handled: created }),
        { timeout: 30_000, interval: 500 },
      );
    },
  );
});

/** How many orders there are of each reference. */
async function references(url: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  let after = '';
  do {
    const text = await (await fetch(`${url}/orders?limit=100${after}`)).text();
    const page: { items: { reference: string }[]; next: string | null } = JSON.parse(text);
    for (const { reference } of page.items) found[reference] = (found[reference] ?? 0) + 1;
    after = page.next === null ? '' : `&after=${page.next}`;
  } while (after !== '');
  return found;
}
