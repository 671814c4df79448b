import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { choices } from '../../src/index.ts';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RunningService } from '../support/running-service.ts';
import { holdAgainstDocument, schemathesisFolder } from '../support/schemathesis.ts';
import { haveServers, Servers } from '../support/servers.ts';
import { servicesIn } from '../support/services.ts';

const datastores = choices.flatMap((choice) =>
  choice.kind === 'select' && choice.key === 'datastore'
    ? choice.options.map(({ value }) => value)
    : [],
);

const servers = new Servers();
let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(async () => {
  await servers.dispose();
  await dependencies.dispose();
});

/**
 * Requests of each kind that are made up at random; what every API is asked beside them is no fewer. Most is the same
 * code whatever the datastore, so that the first one is asked the most.
 */
const examples = Number(process.env.CREATE_SERVICE_API_EXAMPLES ?? 0);
const examplesOf = (datastore: string): number =>
  examples || (datastore === datastores[0] ? 25 : 5);

/** Documents without a fault. */
const faultless = new Set<string>();

describe.each(datastores)('the API of a service with datastore %s', (datastore) => {
  /** Runs a service with an endpoint that was added. */
  async function start(): Promise<RunningService> {
    const root = await temporaryFolder();
    await servicesIn(root, { orders: ['--style', 'sync', '--datastore', datastore] });
    const folder = path.join(root, 'orders');
    await link(folder, dependencies);
    const added = ['add', 'endpoint', 'POST /orders/{id}/cancel'];
    expect(await cli(added, { cwd: folder })).toMatchObject({ exitCode: 0 });
    const store = await servers.store(datastore);
    const service = await RunningService.start(folder, {
      ...(await store?.database(`api_${Date.now()}`)),
    });
    await service.waitFor('ready', 200);
    return service;
  }

  test.skipIf(!haveServers({ datastore }) || schemathesisFolder === undefined)(
    'is described without a fault, and answers as it is described, whatever it is asked',
    { timeout: 240_000 },
    async () => {
      const service = await start();
      await expectFaultless(await (await fetch(`${service.url}/openapi.json`)).text());
      const { failed, said } = await holdAgainstDocument(service.url, examplesOf(datastore));
      expect(failed, `${said}\n${service.output.slice(-3000)}`).toBe(false);
    },
  );
});

/** Lints a document, unless it is to the byte one that has been. */
async function expectFaultless(text: string): Promise<void> {
  if (faultless.has(text)) return;
  const document = path.join(await temporaryFolder(), 'openapi.json');
  await fs.writeFile(document, text);
  const { failed, all } = await lint(document);
  expect(failed, all).toBe(false);
  faultless.add(text);
}

test('a document with a fault is found', async () => {
  const document = path.join(await temporaryFolder(), 'openapi.json');
  const paths = { '/orders': { get: { responses: {} } } };
  await fs.writeFile(document, JSON.stringify({ openapi: '3.1.0', info: {}, paths }));
  expect((await lint(document)).failed).toBe(true);
});

function lint(document: string) {
  const redocly = path.join(packageRoot, 'node_modules/.bin/redocly');
  return execa(redocly, ['lint', document, '--format', 'stylish'], {
    all: true,
    reject: false,
    env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
}
