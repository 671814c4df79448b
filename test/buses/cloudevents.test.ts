import path from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { RedisServer, redisProgram } from '../support/redis.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

const type = 'parcels.parcel-requested.v1';
const structured = 'application/cloudevents+json';

function event(id: string, changes: object = {}): object {
  const data = { reference: id };
  return { specversion: '1.0', id, source: '/others', type, subject: id, data, ...changes };
}

function message(event: object, contentType = structured): Message {
  const headers = { 'content-type': contentType };
  return { topic: type, key: 'key', body: JSON.stringify(event), headers };
}

function binary(id: string, prefix: string, contentType: string): Message {
  const attributes = { specversion: '1.0', id, source: '/others', type };
  const headers = Object.entries(attributes).map(([name, value]) => [`${prefix}${name}`, value]);
  const body = JSON.stringify({ reference: id });
  const all = { ...Object.fromEntries(headers), 'content-type': contentType };
  return { topic: type, key: 'key', body, headers: all };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What CloudEvents 1.0 and its bindings allow. */
const allowed: readonly Message[] = [
  message(event('plain')),
  message(event('charset'), `${structured}; charset=UTF-8`),
  message(event('upper case'), 'Application/CloudEvents+JSON'),
  message(event('parameter', { datacontenttype: 'application/json; charset=utf-8' })),
  message(event('suffix', { datacontenttype: 'application/vnd.parcels+json' })),
  message(event('type in upper case', { datacontenttype: 'Application/JSON' })),
  message(event('null', { subject: null, time: null, datacontenttype: null })),
  message(event('bytes', { data: undefined, data_base64: base64('{"reference":"bytes"}') })),
  binary('kafka', 'ce_', 'application/json; charset=utf-8'),
  binary('nats', 'ce-', 'application/vnd.parcels+json'),
  binary('amqp', 'cloudevents:', 'APPLICATION/JSON'),
];

test.skipIf(redisProgram === undefined)(
  'every form of an event that CloudEvents allows is handled, and this service writes one that all read',
  { timeout: 120_000 },
  async () => {
    const dependencies = await installedDependencies();
    const server = await RedisServer.create();
    try {
      const root = await temporaryFolder();
      const choices = ['--style', 'async', '--datastore', 'none', '--bus', 'redis'];
      await servicesIn(root, { parcels: choices });
      const folder = path.join(root, 'parcels');
      await link(folder, dependencies);
      const environment = { ...server.environment, EVENTS_CREATE_TOPICS: 'true' };
      const service = await RunningService.start(folder, environment);
      await service.waitFor('ready', 200);
      const other = await BusProcess.start(folder, environment);
      const created = 'parcels.parcel-created.v1';
      const all = { events: [type, created], consumed: [], deadLetters: 'others.dead-letter' };
      await other.do('connect', all);
      await other.do('consume', [created], { kind: 'handle' });
      // No data is allowed as well; whether a handler can do without it is up to its schema.
      const without = message(event('no data', { data: undefined }));
      await other.do('publish', [...allowed, without]);
      const handled = () => other.handled.map(({ body }) => JSON.parse(body).data.reference);
      const wanted = allowed.map(({ body, headers }) => {
        const { id } = JSON.parse(body);
        return id ?? Object.entries(headers).find(([name]) => name.endsWith('id'))?.[1];
      });
      await vi.waitFor(() => expect(handled().sort()).toEqual(wanted.sort()), 30_000);
      for (const { headers } of other.handled) expect(headers['content-type']).toBe(structured);
      const node = path.join(packageRoot, 'node_modules/node/bin/node');
      const list = ['src/events/dlq.ts', 'list'];
      const { stdout } = await execa(node, list, {
        cwd: folder,
        env: environment,
        stdin: 'ignore',
      });
      expect(stdout.split('\n')).toHaveLength(1);
      expect(stdout).toContain('expected object, received undefined');
    } finally {
      await server.dispose();
      await dependencies.dispose();
    }
  },
);
