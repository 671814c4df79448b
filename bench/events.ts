import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { createService, parseAnswers } from '../src/index.ts';
import { busServers } from '../test/support/buses.ts';
import { installedDependencies } from '../test/support/dependencies.ts';
import { PostgresServer } from '../test/support/postgres.ts';

/**
 * From the outbox to the handler of an emitted service on each bus's real server, against the bare
 * client that publishes and consumes the same, and against an outbox and an inbox by hand:
 * throughput, latency at a steady rate, and memory.
 */
const { values } = parseArgs({
  options: {
    bus: { type: 'string', default: Object.keys(busServers).join(',') },
    count: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
});
const dependencies = await installedDependencies();
const postgres = await PostgresServer.create();
const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-bench-'));
try {
  for (const bus of values.bus.split(',')) {
    const server = await busServers[bus]?.create();
    if (server === undefined) throw new Error(`there is no bus ${bus}`);
    const folder = await emit(bus);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const side of ['bare', 'by-hand', 'emitted']) {
        const database = `bench_${bus}_${round}_${side.replace('-', '_')}`;
        const args = [bus, side, values.count, values.rate, values.seconds];
        const { stdout } = await execa('node', ['measure.ts', ...args], {
          cwd: folder,
          stdin: 'ignore',
          stderr: 'inherit',
          env: {
            ...server.environment,
            ...(await postgres.database(database)),
            EVENTS_CREATE_TOPICS: 'true',
            LOG_LEVEL: 'error',
          },
        });
        console.log(`${bus} ${side}: ${stdout}`);
      }
    }
    await server.dispose();
  }
} finally {
  await fs.rm(root, { recursive: true, force: true });
  await postgres.dispose();
  await dependencies.dispose();
}

async function emit(bus: string): Promise<string> {
  const { answers } = parseAnswers({ name: 'orders', style: 'both', bus });
  const cwd = path.join(root, bus);
  await fs.mkdir(cwd);
  const { folder } = await createService(answers, { cwd });
  await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
  await fs.cp(path.join(import.meta.dirname, 'events/service'), folder, { recursive: true });
  return folder;
}
