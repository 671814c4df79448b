import { expect, onTestFinished, test } from 'vitest';
import { HttpClient } from '../../src/clients/index.ts';
import { answers, startFaultyServer } from '../../src/testing/index.ts';
import { buildService } from '../support/service.ts';

test('a request that needs another service is known there by the same id and trace', async () => {
  const { origin, seen, close } = await startFaultyServer(answers({ fine: true }));
  onTestFinished(close);
  const app = await buildService();
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
