import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { RunningService } from '../support/running-service.ts';
import { haveServers } from '../support/servers.ts';
import { storeServers } from '../support/stores.ts';
import { matrix, name, prepareMatrix } from './prepare.ts';

const { servers, emit } = prepareMatrix();

describe.each(matrix)('$title', ({ combination }) => {
  const { style, datastore = 'none', bus } = combination;
  const hasApi = style === 'sync' || style === 'both';
  test.skipIf(!haveServers(combination))(
    'starts on real servers, follows them down and up, and stops cleanly under load',
    { timeout: 240_000 },
    async () => {
      const folder = await emit(combination);
      const events = bus === undefined ? undefined : await servers.bus(bus);
      const store = await servers.store(datastore);
      const service = await RunningService.start(folder, {
        DATABASE_CONNECT_TIMEOUT_MS: '10000',
        ...(await store?.database(`matrix_${Date.now()}`)),
        ...(events === undefined ? {} : { ...events.environment, EVENTS_CREATE_TOPICS: 'true' }),
      });
      await service.waitFor('live', 200);
      await service.started();
      const create = hasApi ? () => answerToCreation(service) : undefined;
      if (store !== undefined) await goesDownAndUp(service, store, create);
      // Where there is an outbox, events wait for the bus, and callers do not.
      const isAwaited = style === 'both' && storeServers[datastore]?.traits.outbox !== true;
      if (events !== undefined && isAwaited) await goesDownAndUp(service, events);
      if (events !== undefined && !isAwaited) await isShownDownAndUp(service, events);
      const inFlight = hasApi ? await beginRequests(service) : undefined;
      service.child.kill('SIGTERM');
      await service.waitFor('live', 0);
      expect(await inFlight?.finish()).toEqual(inFlight && Array(requests).fill(201));
      expect(await service.exited, service.output.slice(-3000)).toBe(0);
    },
  );
});

/** @param create asks for what needs the server; without it only probes are looked at. */
async function goesDownAndUp(
  service: RunningService,
  server: { stop(): Promise<void>; start(): Promise<void> },
  create?: () => Promise<Response>,
): Promise<void> {
  await server.stop();
  await service.waitFor('ready', 503);
  expect(await service.status('live')).toBe(200);
  const refused = await create?.();
  if (refused !== undefined) {
    expect(refused.status, await refused.text()).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  }
  await server.start();
  await service.waitFor('ready', 200);
  expect((await create?.())?.status ?? 201, service.output.slice(-3000)).toBe(201);
}

/** The same of a server that keeps nobody out while it is away. */
async function isShownDownAndUp(
  service: RunningService,
  bus: { stop(): Promise<void>; start(): Promise<void> },
): Promise<void> {
  await bus.stop();
  await expectBus(service, 'down');
  expect(await service.status('live')).toBe(200);
  await bus.start();
  await expectBus(service, 'up');
}

/** Waits until readiness, which stays, shows the bus so. */
async function expectBus(service: RunningService, status: 'up' | 'down'): Promise<void> {
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${service.url}/health/ready`);
      const body: unknown = await answer.json();
      expect(answer.status, JSON.stringify(body)).toBe(200);
      expect(body).toMatchObject({ checks: { bus: { status } } });
    },
    { timeout: 40_000, interval: 100 },
  );
}

function answerToCreation(service: RunningService): Promise<Response> {
  return fetch(`${service.url}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reference: 'while it is away' }),
  });
}

const requests = 20;

/** Sends half of each of many requests; `finish` sends the rest and returns the answers' statuses. */
async function beginRequests(service: RunningService) {
  const open = Array.from({ length: requests }, () => {
    const slow = request(`${service.url}/${name}`, {
      method: 'POST',
      // The server's word that it has read the head: from then on it owes an answer.
      headers: { 'content-type': 'application/json', expect: '100-continue' },
    });
    slow.flushHeaders();
    return { slow, begun: once(slow, 'continue'), answered: once(slow, 'response') };
  });
  await Promise.all(open.map(({ begun }) => begun));
  for (const { slow } of open) slow.write('{"reference":');
  return {
    finish: () =>
      Promise.all(
        open.map(async ({ slow, answered }) => {
          slow.end('"in flight"}');
          const [response] = await answered;
          response.resume();
          return response.statusCode;
        }),
      ),
  };
}
