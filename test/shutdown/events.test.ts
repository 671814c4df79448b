import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type BusServer, busServers } from '../support/buses.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { RunningService } from '../support/running-service.ts';
import { addTo, emit } from './subjects.ts';

/** Longer than what frameworks give a part to close by themselves. */
const slowMs = 11_000;

/** Handles what the service publishes itself: slowly, or never with success. */
const handler = `
import { setTimeout as delay } from 'node:timers/promises';
import { defineHandler } from 'service-chassis/events';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import created from '../schemas/order-created.v1.ts';

export default defineHandler({
  event: created,
  apply: async ({ reference }, _work: UnitOfWork, { log }) => {
    log.info(\`begins \${reference}\`);
    if (reference.startsWith('failing')) throw new Error(reference);
    await delay(${slowMs});
    log.info(\`ends \${reference}\`);
  },
});
`;

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

// One bus is enough: what is shown is how the service ends its work, before it leaves the bus.
describe.skipIf(busServers.nats?.available !== true)('a service that handles events', () => {
  let root: string;
  let folder: string;
  let bus: BusServer | undefined;

  beforeAll(async () => {
    bus = await busServers.nats?.create();
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-handling-'));
    const flags = ['--style', 'both', '--datastore', 'none', '--bus', 'nats'];
    ({ folder } = await emit('service', root, dependencies.folder, flags));
    await addTo(folder, { 'events/handlers/order-created.ts': handler });
  });

  afterAll(async () => {
    await bus?.dispose();
    await fs.rm(root, { recursive: true, force: true });
  });

  async function running(): Promise<RunningService> {
    const service = await RunningService.start(folder, {
      ...bus?.environment,
      LOG_LEVEL: 'info',
      EVENTS_CREATE_TOPICS: 'true',
      EVENTS_ATTEMPTS: '2',
      EVENTS_RETRY_PAUSE_MS: '20000',
    });
    await service.waitFor('ready', 200);
    return service;
  }

  async function publish({ url }: RunningService, reference: string): Promise<void> {
    const { status } = await fetch(`${url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reference }),
    });
    expect(status).toBe(201);
  }

  const times = (text: string, { output }: RunningService): number => output.split(text).length - 1;

  test('ends what a handler has begun, and no more; what failed is tried again later', async () => {
    const service = await running();
    for (const reference of ['slow', 'failing']) await publish(service, reference);
    await vi.waitFor(() => {
      for (const reference of ['slow', 'failing'])
        expect(service.output).toContain(`begins ${reference}`);
    }, 10_000);
    const begun = performance.now();
    service.child.kill('SIGTERM');
    expect(await service.exited, service.output).toBe(0);
    expect(service.output).toContain('ends slow');
    expect(times('begins failing', service)).toBeLessThan(3);
    expect(performance.now() - begun).toBeLessThan(slowMs + 3000);
    const next = await running();
    await vi.waitFor(() => expect(next.output).toContain('begins failing'), 40_000);
    expect(next.output).not.toContain('begins slow');
    const stopped = performance.now();
    next.child.kill('SIGTERM');
    expect(await next.exited, next.output).toBe(0);
    expect(performance.now() - stopped).toBeLessThan(5000);
  });
});
