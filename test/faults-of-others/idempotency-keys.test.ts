import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { emitOn, Subject } from '../stores/subject.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { storeServers } from '../support/stores.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

async function startOn(datastore: string): Promise<Subject> {
  const server = await storeServers[datastore]?.create();
  onTestFinished(async () => server?.dispose());
  const folder = await emitOn(datastore, await temporaryFolder(), dependencies.folder);
  const overlay = path.join(import.meta.dirname, 'service');
  for (const file of ['src/routes/slow.ts'])
    await fs.cp(path.join(overlay, file), path.join(folder, file));
  const limits = { DATABASE_STATEMENT_TIMEOUT_MS: '1000' };
  return Subject.ready(folder, { ...(await server?.database('keys')), ...limits });
}

const datastores = ['postgres', 'mysql', 'sqlite', 'mongodb', 'clickhouse', 'none'].map(
  (datastore) => ({
    datastore,
    available: storeServers[datastore]?.available !== false,
    // Of a file nobody waits for a key: one waits for the other's turn to write.
    waits: storeServers[datastore]?.traits.transactions && storeServers[datastore].traits.remote,
  }),
);

for (const { datastore, available, waits } of datastores)
  test.skipIf(!available)(
    `with ${datastore}, a key is its caller's own, on its route`,
    { timeout: 120_000 },
    async () => {
      const subject = await startOn(datastore);
      const post = async (target: string, caller: string, body?: object) => {
        const headers = { 'idempotency-key': '1', authorization: `Bearer ${caller}` };
        return subject.send('POST', target, body, headers);
      };
      const create = async (caller: string) => {
        const { status, text } = await post('/orders', caller, { reference: caller });
        expect(status).toBe(201);
        return JSON.parse(text).id;
      };
      const [first, second] = [await create('ann'), await create('bob')];
      expect(second).not.toBe(first);
      expect([await create('ann'), await create('bob')]).toEqual([first, second]);
      expect((await post('/orders', 'ann', { reference: 'other' })).status).toBe(422);

      // Under the same key on another route, for longer than a statement may wait.
      const slow = (caller: string) => post('/slow?reference=slow&ms=2500', caller);
      const original = slow('ann');
      await delay(300);
      const duplicate = await slow('ann');
      const made = await original;
      expect(made.status).toBe(201);
      expect(duplicate.status).toBe(waits ? 409 : 201);
      if (waits) expect(duplicate.text).toContain('still being answered');
      await vi.waitFor(async () => expect((await slow('ann')).text).toBe(made.text));
      expect(await subject.countOf('slow')).toBe(1);
    },
  );
