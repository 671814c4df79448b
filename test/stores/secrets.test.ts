import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { packageRoot, temporaryFolder, treeOf } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { freePort } from '../support/ports.ts';
import { type StoreServer, testedStores } from '../support/stores.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { emitOn, Subject } from './subject.ts';

const wrongPassword = 'a-wrong-sesame';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** Those that want a password. */
const remoteStores = testedStores.filter(({ store }) => store.traits.remote);

describe.each(remoteStores)('$server', ({ datastore, store: { available, create } }) => {
  let server: StoreServer;
  let environment: Readonly<Record<string, string>>;
  let password: string;
  let folder: string;

  beforeAll(async () => {
    if (!available) return;
    server = await create();
    environment = await server.database('secrets');
    password = passwordIn(environment);
  });

  afterAll(() => server?.dispose());

  /** All that the service, at its most talkative, and its script `migrate` say and answer. */
  async function everythingSaid(given: Readonly<Record<string, string>>): Promise<string> {
    const talkative = { ...given, LOG_LEVEL: 'trace' };
    const subject = await Subject.start(folder, talkative);
    await subject.service.waitFor('live', 200);
    const isReady = async (): Promise<boolean> => (await subject.service.status('ready')) === 200;
    await vi.waitFor(
      async () =>
        expect((await isReady()) || subject.service.output.includes('not available')).toBe(true),
      40_000,
    );
    const answers = await asked(subject);
    return [subject.service.output, ...answers, await migrated(folder, talkative)].join('\n');
  }

  test.skipIf(!available)('no password is emitted, and none is said when all is well', async () => {
    folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder);
    const tree = { ...(await treeOf(folder)), node_modules: '' };
    for (const [file, text] of Object.entries(tree)) {
      expect(text, file).not.toContain(password);
      expect(passwordsIn(text), file).toEqual([]);
    }
    expectNoSecret(await everythingSaid(environment), password);
  });

  test.skipIf(!available)('a wrong password is not repeated, nor is the right one', async () => {
    folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder);
    const said = await everythingSaid(replaced(environment, password, wrongPassword));
    expect(said).toMatch(/not available yet/);
    expectNoSecret(said, wrongPassword);
    expectNoSecret(said, password);
  });

  test.skipIf(!available)(
    'a server that is not there is told of without the password',
    async () => {
      folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder);
      const elsewhere = throughProxy(environment, server.port, await freePort());
      const said = await everythingSaid(elsewhere);
      expect(said).toMatch(/not available yet/);
      expectNoSecret(said, password);
    },
  );

  test.skipIf(!available)(
    'a server that goes away in the middle is told of without it',
    async () => {
      folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder);
      const subject = await Subject.ready(folder, { ...environment, LOG_LEVEL: 'trace' });
      await server.stop();
      const answers = await asked(subject);
      await server.start();
      await subject.service.waitFor('ready', 200);
      expect(answers.join('\n')).toContain('"status":503');
      expectNoSecret([subject.service.output, ...answers].join('\n'), password);
    },
  );
});

/** What a service answers to whoever asks, the bad requests included. */
async function asked(subject: Subject): Promise<string[]> {
  const requests = [
    subject.create('a reference'),
    subject.create(''),
    subject.send('GET', '/orders'),
    subject.send('GET', '/orders/018f0000-0000-7000-8000-000000000000'),
    subject.send('GET', '/health/ready'),
    subject.send('GET', '/health/startup'),
    subject.send('GET', '/metrics'),
    subject.send('GET', '/openapi.json'),
    subject.send('GET', '/nowhere'),
  ];
  return (await Promise.all(requests)).map(({ text }) => text);
}

/** What the script `migrate` says, where there is one. */
async function migrated(folder: string, environment: Record<string, string>): Promise<string> {
  const script = path.join(folder, 'src/database/migrate.ts');
  if (!(await fs.stat(script).catch(() => undefined))) return '';
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const { all } = await execa(node, [script], {
    ...{ env: environment, all: true, reject: false, stdin: 'ignore' },
  });
  return String(all);
}

/** Passwords of addresses, but those that compose takes from `.env` and the examples' own word. */
function passwordsIn(text: string): string[] {
  const found = [...text.matchAll(/\b[a-z]+:\/\/[^\s:/@'"`]+:([^\s@'"`]+)@/g)];
  return found
    .map(([, word]) => word ?? '')
    .filter((word) => !/^\$\{.*\}$|^password$|^postgres$/.test(word));
}

function passwordIn(environment: Readonly<Record<string, string>>): string {
  const [password] = Object.values(environment).flatMap(passwordsIn);
  if (password === undefined) throw new Error('the server of the test wants no password');
  return password;
}

function replaced(
  environment: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace(from, to)]));
}

/** As it is, or as programs write what they do not want to be read. */
function expectNoSecret(said: string, secret: string): void {
  expect(said.length).toBeGreaterThan(100);
  const disguises = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  for (const disguise of disguises) {
    const at = said.indexOf(disguise);
    expect(said.slice(Math.max(0, at - 200), at + 50), 'around it').not.toContain(disguise);
  }
}
