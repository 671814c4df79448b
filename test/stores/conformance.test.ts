import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { type StoreServer, testedStores } from '../support/stores.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { emitOn, Subject } from './subject.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

/** That start together, and ask for the same migrations; `.ci/long` takes more. */
const instances = Number(process.env.CREATE_SERVICE_INSTANCES ?? 4);

describe.each(testedStores)('$server', ({ datastore, store }) => {
  const { available, create, traits } = store;
  // What a store has not is no test that is skipped: that would be a server that is missing.
  const onServer = test.skipIf(!available);
  let server: StoreServer;
  let databases = 0;

  beforeAll(async () => {
    if (available) server = await create();
  });

  afterAll(() => server?.dispose());

  const emit = async (): Promise<string> =>
    emitOn(datastore, await temporaryFolder(), dependencies.folder);

  function freshDatabase(): Promise<Readonly<Record<string, string>>> {
    databases += 1;
    return server.database(`conformance_${databases}`);
  }

  onServer('a wrong configuration ends it at once, naming each variable and no value', async () => {
    const folder = await emit();
    const { service } = await Subject.start(folder, traits.wrong);
    expect(await service.exited).toBe(1);
    for (const [name, value] of Object.entries(traits.wrong)) {
      expect(service.output).toContain(name);
      expect(service.output).not.toContain(value);
    }
    const [name, address = ''] = Object.entries(await freshDatabase())[0] ?? ['', ''];
    const { parameter, refusal } = traits.tlsInUrl;
    const overruling = `${address}${address.includes('?') ? '&' : '?'}${parameter}`;
    const given = { [name]: overruling, DATABASE_TLS: 'true' };
    const { service: overruled } = await Subject.start(folder, given);
    expect(await overruled.exited).toBe(1);
    expect(overruled.output).toMatch(refusal);
    expect(overruled.output).not.toContain(overruling);
    const { service: without } = await Subject.start(folder, {});
    expect(await without.exited).toBe(1);
    expect(without.output).toContain(Object.keys(await freshDatabase())[0]);
  });

  onServer(
    'instances that start together get ready, and apply each migration once',
    { timeout: 120_000 },
    async () => {
      const folder = await emit();
      const marks = path.join(folder, 'marks');
      if (traits.migrations)
        await fs.writeFile(
          path.join(folder, 'src/database/migrations/0002-slow.ts'),
          slowMigration,
        );
      const environment = { ...(await freshDatabase()), MARKS: marks };
      const subjects = await Promise.all(
        Array.from({ length: instances }, () => Subject.start(folder, environment)),
      );
      await Promise.all(subjects.map(({ service }) => service.waitFor('ready', 200, 90_000)));
      if (traits.migrations) expect(await fs.readFile(marks, 'utf8')).toBe('applied\n');
      const created = await Promise.all(subjects.map((subject) => subject.create('x')));
      expect(created.map(statusOf)).toEqual(Array(instances).fill(201));
    },
  );

  // Of each store it is tested where the migrations are, in `chassis/test`; here, by what variables a service does it.
  if (datastore === 'postgres')
    onServer(
      'it runs on a database that a newer version has added to, and not on one that is behind or of another history',
      async () => {
        const folder = await emit();
        const environment = await freshDatabase();
        const first = path.join(folder, 'src/database/migrations/0001-create.ts');
        const second = path.join(folder, 'src/database/migrations/9998-nothing.ts');
        await expectRefusal({ ...environment, DATABASE_MIGRATE: 'false' }, 'behind the code');
        await fs.writeFile(second, 'export async function up() {}\n');
        const { service } = await Subject.ready(folder, environment);
        service.child.kill('SIGKILL');
        await fs.rm(second);
        for (const migrate of ['true', 'false']) {
          const given = { ...environment, DATABASE_MIGRATE: migrate };
          const { service: rolledBack } = await Subject.ready(folder, given);
          expect(rolledBack.output).toContain('"ahead":["9998-nothing"]');
          rolledBack.child.kill('SIGKILL');
        }
        const between = path.join(folder, 'src/database/migrations/9997-later.ts');
        await fs.writeFile(between, 'export async function up() {}\n');
        await expectRefusal(environment, '9997-later would come before 9998-nothing');
        await fs.rm(between);
        await fs.appendFile(first, '// An afterthought.\n');
        await expectRefusal(environment, 'The migration 0001-create was edited');

        async function expectRefusal(given: Record<string, string>, reason: string): Promise<void> {
          const refused = await Subject.start(folder, given);
          expect(await refused.service.exited).toBe(1);
          expect(refused.service.output).toContain(reason);
        }
      },
    );

  onServer('of many writers who have seen the same version one succeeds', async () => {
    const subject = await Subject.ready(await emit(), await freshDatabase());
    const writers = Array.from({ length: 10 }, (_, index) => `writer ${index}`);
    // So that there is a connection for each.
    await Promise.all(writers.map((reference) => subject.create(reference)));
    const { text, etag } = await subject.create('contended');
    const { id } = JSON.parse(text);
    let seen = etag;
    for (let round = 2; round <= 6; round += 1) {
      const changes = await Promise.all(
        writers.map((reference) =>
          subject.send('PUT', `/orders/${id}`, { reference, status: 'open' }, { 'if-match': seen }),
        ),
      );
      const succeeded = changes.filter(({ status }) => status === 200);
      expect(succeeded).toHaveLength(1);
      expect(changes.map(statusOf).toSorted().slice(1)).toSatisfy(areConflicts);
      expect(JSON.parse((await subject.send('GET', `/orders/${id}`)).text).version).toBe(round);
      seen = succeeded[0]?.etag ?? '';
    }
    const removals = await Promise.all(
      Array.from({ length: 5 }, () =>
        subject.send('DELETE', `/orders/${id}`, undefined, { 'if-match': '*' }),
      ),
    );
    expect(removals.map(statusOf).filter((status) => status === 204)).toHaveLength(1);
    expect((await subject.send('GET', `/orders/${id}`)).status).toBe(404);
  });

  onServer('pages show each exactly once while others write and remove', async () => {
    const subject = await Subject.ready(await emit(), await freshDatabase());
    const before: string[] = [];
    for (let index = 0; index < 60; index += 1)
      before.push(JSON.parse((await subject.create(`before ${index}`)).text).id);
    let writing = true;
    const writers = Array.from({ length: 4 }, async () => {
      while (writing) {
        const { text } = await subject.create('meanwhile');
        const { id } = JSON.parse(text);
        await subject.send('DELETE', `/orders/${id}`, undefined, { 'if-match': '*' });
      }
    });
    const read = (await subject.list(7)).map(({ id }) => id);
    writing = false;
    await Promise.all(writers);
    expect(new Set(read).size).toBe(read.length);
    expect(read.slice(0, before.length)).toEqual(before);
    expect(read).toEqual(read.toSorted());
  });

  if (traits.transactions)
    onServer('when all connections are taken it answers 503, and recovers', async () => {
      const environment = { ...(await freshDatabase()), ...traits.smallPool };
      const subject = await Subject.ready(await emit(), environment);
      const holders = Array.from({ length: 4 }, () => subject.held('held', { between: '3000' }));
      await vi.waitFor(async () => expect((await subject.create('x')).status).toBe(503), 10_000);
      expect(await subject.service.status('live')).toBe(200);
      expect((await Promise.all(holders)).toSorted()).toContain(201);
      await vi.waitFor(async () => expect((await subject.create('x')).status).toBe(201), 10_000);
      await subject.service.waitFor('ready', 200);
    });

  onServer('what was confirmed is there after the server was killed in mid-load', async () => {
    const subject = await Subject.ready(await emit(), await freshDatabase());
    const confirmed: string[] = [];
    let writing = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; writing; index += 1) {
        const reference = `${writer}-${index}`;
        if ((await subject.create(reference)).status === 201) confirmed.push(reference);
      }
    });
    await vi.waitFor(() => expect(confirmed.length).toBeGreaterThan(50), 20_000);
    await server.stop();
    try {
      await subject.service.waitFor('ready', 503);
    } finally {
      await server.start();
    }
    await subject.service.waitFor('ready', 200);
    const upTo = confirmed.length + 50;
    await vi.waitFor(() => expect(confirmed.length).toBeGreaterThan(upTo), 20_000);
    writing = false;
    await Promise.all(writers);
    const stored = (await subject.list()).map(({ reference }) => reference);
    expect(confirmed.filter((reference) => !stored.includes(reference))).toEqual([]);
    expect(subject.service.child.exitCode).toBeNull();
  });

  onServer('a server that is down at the start is waited for', async () => {
    const environment = await freshDatabase();
    const folder = await emit();
    await server.stop();
    const { service } = await Subject.start(folder, environment);
    try {
      await service.waitFor('live', 200);
      expect(await service.status('ready')).toBe(503);
      // Being killed for it and started again would not bring the server back.
      expect(await service.status('startup')).toBe(200);
    } finally {
      await server.start();
    }
    await service.waitFor('ready', 200);
  });

  if (traits.transactions)
    describe.skipIf(!available)('in a transaction', () => {
      /** A service whose connections can be cut, and who notices within about three seconds. */
      async function behindProxy(): Promise<{ subject: Subject; proxy: CuttableProxy }> {
        const proxy = await CuttableProxy.to(server.port);
        onTestFinished(() => proxy.dispose());
        const environment = throughProxy(await freshDatabase(), server.port, proxy.port);
        const limits = { ...environment, ...traits.shortTimeouts };
        return { subject: await Subject.ready(await emit(), limits), proxy };
      }

      test('work that fails leaves nothing behind', async () => {
        const subject = await Subject.ready(await emit(), await freshDatabase());
        expect(await subject.held('never', { fail: 'true' })).toBe(500);
        expect(await subject.countOf('never')).toBe(0);
        expect(await subject.held('both', {})).toBe(201);
        expect(await subject.countOf('both')).toBe(2);
      });

      if (traits.remote)
        test('a connection that is cut in the middle leaves all or nothing, as was answered', async () => {
          const { subject, proxy } = await behindProxy();
          const answer = subject.held('cut', { between: '700' });
          await delay(300);
          proxy.cut();
          const status = await answer;
          expect([201, 503]).toContain(status);
          await subject.service.waitFor('ready', 200);
          expect(await subject.countOf('cut')).toBe(status === 201 ? 2 : 0);
        });

      if (traits.remote)
        test('a transaction is not done again once its commit is on the way', async () => {
          const { subject, proxy } = await behindProxy();
          const answer = subject.held('late', { after: '700' });
          await delay(400);
          proxy.cut();
          const status = await answer;
          expect(status).toBe(503);
          proxy.mend();
          await subject.service.waitFor('ready', 200);
          await delay(500);
          expect([0, 2]).toContain(await subject.countOf('late'));
        });
    });
});

/** Leaves a mark each time that it runs, and takes its time. */
const slowMigration = `import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export async function up(): Promise<void> {
  await fs.appendFile(process.env.MARKS ?? '', 'applied\\n');
  await delay(2000);
}
`;

function areConflicts(statuses: readonly number[]): boolean {
  return statuses.every((status) => status === 409 || status === 412);
}

function statusOf({ status }: { readonly status: number }): number {
  return status;
}
