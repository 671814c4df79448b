import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { expectScript, link } from '../support/emitted.ts';
import { KafkaServer, kafkaJars } from '../support/kafka.ts';
import { PostgresServer } from '../support/postgres.ts';
import { RunningService } from '../support/running-service.ts';

/** Every style with every datastore (and the one bus): all combinations, not pairs. */
const combinations = ['sync', 'async', 'both'].flatMap((style) =>
  ['none', 'postgres'].map((datastore) => ({ style, datastore })),
);

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let postgres: PostgresServer;
let kafka: KafkaServer | undefined;

beforeAll(async () => {
  dependencies = await installedDependencies();
  postgres = await PostgresServer.create();
  if (kafkaJars !== undefined) kafka = await KafkaServer.create();
});

afterAll(async () => {
  await kafka?.dispose();
  await postgres.dispose();
  await dependencies.dispose();
});

async function emit(style: string, datastore: string, name: string): Promise<string> {
  const root = await temporaryFolder();
  const args = [name, '--yes', '--style', style, '--datastore', datastore, '--cwd', root];
  const { exitCode, stderr } = await cli([...args, '--no-install', '--no-git']);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const folder = path.join(root, name);
  await link(folder, dependencies);
  return folder;
}

describe.each(combinations)('$style × $datastore', ({ style, datastore }) => {
  test('type-checks, lints and passes its own tests', { timeout: 180_000 }, async () => {
    const folder = await emit(style, datastore, 'order-items');
    await expectScript(folder, 'typecheck');
    await expectScript(folder, 'lint');
    await expectScript(folder, 'test');
  });

  const needsKafka = style !== 'sync';
  test.skipIf(needsKafka && kafkaJars === undefined)(
    'starts on real servers, follows them down and up, and stops cleanly under load',
    { timeout: 240_000 },
    async () => {
      const name = 'order-items';
      const folder = await emit(style, datastore, name);
      const service = await RunningService.start(folder, {
        ...(datastore === 'postgres'
          ? { DATABASE_URL: await postgres.database(`${style}_${Date.now()}`) }
          : {}),
        ...(kafka === undefined || !needsKafka
          ? {}
          : { KAFKA_BROKERS: kafka.address, KAFKA_CREATE_TOPICS: 'true' }),
      });
      await service.waitFor('live', 200);
      await service.waitFor('ready', 200);
      expect(await service.status('startup')).toBe(200);
      if (datastore === 'postgres') await goesDownAndUp(service, postgres);
      if (needsKafka && kafka !== undefined) await goesDownAndUp(service, kafka);
      const inFlight = style === 'async' ? undefined : await beginRequest(service, `/${name}`);
      service.child.kill('SIGTERM');
      await service.waitFor('live', 0);
      await inFlight?.finish();
      expect(await service.exited, service.output.slice(-3000)).toBe(0);
    },
  );
});

async function goesDownAndUp(
  service: RunningService,
  server: { stop(): Promise<void>; start(): Promise<void> },
): Promise<void> {
  await server.stop();
  await service.waitFor('ready', 503);
  expect(await service.status('live')).toBe(200);
  await server.start();
  await service.waitFor('ready', 200);
}

/** Sends half of a request; `finish` sends the rest and expects it to be served. */
async function beginRequest(service: RunningService, url: string) {
  const slow = request(`${service.url}${url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  slow.write('{"reference":');
  const [socket] = await once(slow, 'socket');
  if (socket.connecting) await once(socket, 'connect');
  await service.status('live');
  return {
    async finish(): Promise<void> {
      const answered = once(slow, 'response');
      slow.end('"in flight"}');
      const [response] = await answered;
      response.resume();
      expect(response.statusCode).toBe(201);
    },
  };
}
