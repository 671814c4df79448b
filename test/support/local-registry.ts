import fs from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { freePort } from './ports.ts';

const packageRoot = path.resolve(import.meta.dirname, '../..');

/** A package registry on this machine. */
export interface LocalRegistry {
  readonly url: string;
  /** What package managers have to know of it, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Publishes what a folder of this source tree makes a package of. */
  publish(folder: string): Promise<void>;
  stop(): Promise<void>;
}

/** What `npm publish` sends. */
interface Published {
  readonly name: string;
  readonly versions: Readonly<Record<string, { dist: { tarball: string } }>>;
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly _attachments: Readonly<Record<string, { data: string }>>;
}

/**
 * Starts a registry that has the chassis as it is in this source tree, and sends whoever asks for anything
 * else to the configured registry, so that its packages come from there and from caches.
 */
export async function startLocalRegistry(): Promise<LocalRegistry> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-registry-'));
  const { stdout: upstream } = await execa('npm', ['config', 'get', 'registry'], { cwd: folder });
  const url = `http://127.0.0.1:${await freePort()}/`;
  const published = new Map<string, Published>();
  const server = createServer((request, response) => {
    const answered =
      request.method === 'PUT'
        ? receive(request, response, published)
        : find(request, response, published, upstream.trim());
    answered.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), resolve));
  const environment = await environmentFor(url, folder);
  const registry: LocalRegistry = {
    url,
    environment,
    async publish(cwd) {
      const command = ['publish', '--ignore-scripts', '--tag', 'latest'];
      await execa('npm', command, { cwd, env: environment, stdin: 'ignore' });
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
  await registry.publish(path.join(packageRoot, 'chassis'));
  return registry;
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  published: Map<string, Published>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const given: Published = JSON.parse(Buffer.concat(chunks).toString());
  published.set(given.name, given);
  response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
}

async function find(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
  published: ReadonlyMap<string, Published>,
  upstream: string,
): Promise<void> {
  const [, name = '', tarball] = /^\/([^/?]+)(?:\/-\/([^/?]+))?/.exec(url) ?? [];
  const found = published.get(name);
  if (found === undefined) {
    const location = new URL(url.slice(1), upstream).href;
    response.writeHead(307, { location }).end();
    return;
  }
  if (tarball === undefined) {
    const { _attachments, ...packument } = found;
    const json = { 'content-type': 'application/json' };
    response.writeHead(200, json).end(JSON.stringify(packument));
    return;
  }
  const { data } = found._attachments[tarball] ?? {};
  if (data === undefined) response.writeHead(404).end();
  else response.writeHead(200).end(Buffer.from(data, 'base64'));
}

/** npm, pnpm and bun read npm's settings; Yarn has names of its own. */
async function environmentFor(url: string, folder: string): Promise<Record<string, string>> {
  const npmrc = path.join(folder, 'npmrc');
  const host = url.replace('http:', '');
  const settings = [`registry=${url}`, `${host}:_authToken=anybody`, 'update-notifier=false'];
  await fs.writeFile(npmrc, `${settings.join('\n')}\n`);
  return {
    npm_config_userconfig: npmrc,
    npm_config_registry: url,
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    // It remembers addresses of packages, and the next registry has another port.
    YARN_GLOBAL_FOLDER: path.join(folder, 'yarn'),
  };
}
