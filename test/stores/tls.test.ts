import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { certificateIn } from '../support/certificate.ts';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { type StoreServer, testedStores } from '../support/stores.ts';
import { emitOn, Subject } from './subject.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const withTls = testedStores.filter(({ store }) => store.traits.tls);

describe.each(withTls)('$server', ({ datastore, store: { available, create } }) => {
  test.skipIf(!available)(
    'with TLS it talks only to a server whose certificate it can trust, for the name it has called',
    { timeout: 140_000 },
    async () => {
      const root = await temporaryFolder();
      const folder = await emitOn(datastore, root, dependencies.folder);
      const certificate = await certificateIn(root);
      const [server, plain] = [await create(certificate), await create()];
      try {
        const byAddress = { ...(await server.database('tls')), DATABASE_TLS: 'true' };
        const byName = replaced(byAddress, '127.0.0.1', 'localhost');
        const trusting = { DATABASE_TLS_CA_FILE: certificate.file };
        await Subject.ready(folder, { ...byName, ...trusting });
        await expectRefusal(folder, byName, /self.signed certificate/);
        await expectRefusal(
          folder,
          { ...byAddress, ...trusting },
          /not in the cert's list|name of a host/,
        );
        await demandCertificates(server, datastore);
        await expectRefusal(folder, { ...byName, ...trusting }, /certificate|[Aa]ccess denied/);
        const own = {
          DATABASE_TLS_CERT_FILE: certificate.file,
          DATABASE_TLS_KEY_FILE: certificate.keyFile,
        };
        await Subject.ready(folder, { ...byName, ...trusting, ...own });
        const withoutTls = { ...(await plain.database('tls')), DATABASE_TLS: 'true', ...trusting };
        await expectRefusal(folder, replaced(withoutTls, '127.0.0.1', 'localhost'), /SSL|secure/);
      } finally {
        await server.dispose();
        await plain.dispose();
      }
    },
  );
});

/** From now on the service's user gets in with a certificate only. */
async function demandCertificates(server: StoreServer, datastore: string): Promise<void> {
  const session = await server.session?.('tls');
  if (datastore === 'mysql') await session?.query(`alter user 'tls' require x509`);
  else {
    const lines = [
      'hostssl all tls all password clientcert=verify-ca',
      'host all all all password',
    ];
    const rows = lines.map((line) => `('${line}')`).join(', ');
    const text = `copy (values ${rows}) to '%s'`;
    await session?.query(`
      do $$ begin execute format($x$${text}$x$, current_setting('hba_file')); end $$`);
    await session?.query('select pg_reload_conf()');
  }
  await session?.end();
}

/** It says why the server will not do, and is not ready. */
async function expectRefusal(
  folder: string,
  environment: Readonly<Record<string, string>>,
  reason: RegExp,
): Promise<void> {
  const { service } = await Subject.start(folder, environment);
  await vi.waitFor(() => expect(service.output).toMatch(reason), 40_000);
  expect(await service.status('ready')).not.toBe(200);
}

function replaced(
  environment: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace(from, to)]));
}
