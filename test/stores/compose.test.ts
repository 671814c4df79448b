import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { PostgresServer } from '../support/postgres.ts';
import { servicesIn } from '../support/services.ts';

/** As somebody may choose it; nothing of it may be taken for SQL or shell. */
const password = `it's "odd" $HOME \\`;
const hasClient = await execa('psql', ['--version'], { reject: false }).then(
  ({ exitCode }) => exitCode === 0,
);

test.skipIf(!hasClient)(
  'the database that compose makes belongs to a user who has rights in it and nowhere else',
  async () => {
    const root = await temporaryFolder();
    await servicesIn(root, { orders: ['--datastore', 'postgres'] });
    const server = await PostgresServer.create();
    const address = { PGHOST: '127.0.0.1', PGPORT: String(server.port) };
    async function query(database: string, sql: string): Promise<string> {
      const env = { ...address, PGPASSWORD: password, PGUSER: 'orders', PGDATABASE: database };
      const args = ['--no-psqlrc', '--tuples-only', '--no-align', '--command', sql];
      const { stdout, stderr } = await execa('psql', args, { env, reject: false, stdin: 'ignore' });
      return stdout + stderr;
    }
    try {
      await execa('sh', [path.join(root, 'orders/deploy/compose/create-database.sh')], {
        stdin: 'ignore',
        env: { ...address, PGPASSWORD: 'postgres', DATABASE_PASSWORD: password },
      });
      expect(await query('orders', 'create table x (id int)')).toContain('CREATE TABLE');
      expect(await query('postgres', 'select 1')).toContain('permission denied');
      const roles = 'select rolsuper, rolcreatedb, rolcreaterole from pg_roles';
      expect(await query('orders', `${roles} where rolname = current_user`)).toBe('f|f|f');
    } finally {
      await server.dispose();
    }
  },
);
