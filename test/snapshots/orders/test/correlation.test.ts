import { expect, onTestFinished, test } from 'vitest';
import { HttpClient } from '../src/clients/http-client.ts';
import { loadConfig } from '../src/config.ts';
import { buildService } from '../src/service.ts';
import { answers, startFaultyServer } from './support/faulty-server.ts';
import { testParts } from './support/parts.ts';

test('a request that needs another service is known there by the same id and trace', async () => {
  const { origin, seen } = await startFaultyServer(answers({ fine: true }));
  const { environment, standIns } = await testParts();
  const all = { LOG_LEVEL: 'silent', ...standIns.environment, ...environment };
  const app = await buildService({ ...standIns.options, config: await loadConfig(all) });
  onTestFinished(() => app.close());
  const client = new HttpClient('upstream', origin, { log: app.log, metrics: app.metrics });
  app.addHook('onClose', () => client.close());
  app.post('/asks', async () => client.request('GET', '/'));
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const trace = { traceparent, tracestate: 'a=b' };
  const headers = { ...trace, 'x-request-id': 'order-7' };
  await app.inject({ method: 'POST', url: '/asks', headers, payload: { a: 1 } });
  await app.inject({ method: 'POST', url: '/asks', headers: { 'x-request-id': 'x'.repeat(200) } });
  expect(seen[0]?.headers).toMatchObject(headers);
  expect(seen[1]?.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
});
