import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import { busServers } from '../support/buses.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { RunningService } from '../support/running-service.ts';
import { emitVersion, type Version } from './versions.ts';

/** Of events, headers and columns the chaos test says the same; it makes no letters. */
const { nats } = busServers;

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const type = 'parcels.parcel-requested.v1';

test.skipIf(nats?.available !== true).each<{ writer: Version; reader: Version }>([
  { writer: 'changed', reader: 'current' },
  { writer: 'current', reader: 'old' },
])(
  'a dead letter of the $writer version is read and replayed by the $reader one',
  async ({ writer, reader }) => {
    const server = await nats?.create();
    try {
      const emission = {
        root: await temporaryFolder(),
        name: 'parcels',
        flags: ['--style', 'async', '--datastore', 'none', '--bus', 'nats'],
        dependencies: dependencies.folder,
      };
      const [writes, reads] = [
        await emitVersion(writer, emission),
        await emitVersion(reader, emission),
      ];
      const environment = { ...server?.environment, EVENTS_CREATE_TOPICS: 'true' };
      const service = await RunningService.start(writes, environment);
      await service.started();
      const current = await emitVersion('current', { ...emission, root: await temporaryFolder() });
      const publisher = await BusProcess.start(current, environment);
      // The topic is its publisher's, which makes it.
      await publisher.do('connect', {
        events: [type],
        consumed: [],
        deadLetters: 'parcels.dead-letter',
      });
      await vi.waitFor(() => publisher.do('publish', [unfit]), 30_000);

      const letters = async (): Promise<string[]> =>
        (await dlq(reads, environment, 'list')).split('\n').filter((line) => line !== '');
      await vi.waitFor(async () => expect(await letters()).toHaveLength(1), 30_000);
      const [first = ''] = await letters();
      expect(first).toContain(type);
      const shown = JSON.parse(await dlq(reads, environment, 'show', idIn(first)));
      expect(shown.data.original).toMatchObject({ topic: type, key: unfit.key });

      // It is as unfit as before, so that it comes back, in another letter.
      expect(await dlq(reads, environment, 'replay', '--all')).toContain(`replayed ${idIn(first)}`);
      await vi.waitFor(async () => {
        const [second = ''] = await letters();
        expect(second).toContain('parcels.replay');
        expect(idIn(second)).not.toBe(idIn(first));
      }, 30_000);
    } finally {
      await server?.dispose();
    }
  },
);

/** An event whose data no handler takes. */
const unfit = {
  topic: type,
  key: 'unfit',
  body: JSON.stringify({
    ...{ specversion: '1.0', id: 'unfit', source: '/test', type, subject: 'unfit' },
    ...{ datacontenttype: 'application/json', data: { reference: 7 } },
  }),
  headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
};

function idIn(line: string): string {
  return line.split(' ')[0] ?? '';
}

async function dlq(
  folder: string,
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const { stdout } = await execa(node, ['src/events/dlq.ts', ...args], {
    ...{ cwd: folder, env: environment, stdin: 'ignore' },
  });
  return stdout;
}
