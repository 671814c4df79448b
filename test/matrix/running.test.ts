import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { RunningService } from '../support/running-service.ts';
import { haveServers } from '../support/servers.ts';
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
      if (events !== undefined) await goesDownAndUp(service, events);
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
  expect((await create?.())?.status ?? 201).toBe(201);
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
