import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HttpClient } from '../../src/clients/index.ts';
import { startCollector } from '../../src/testing/index.ts';
import { buildService } from '../support/service.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpanId = 'b7ad6b7169203331';

test('a request joins the trace of its caller', async () => {
  const collector = await startCollector();
  const app = await buildService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const headers = { traceparent: `00-${traceId}-${callerSpanId}-01` };
  await app.inject({ url: '/health/live', headers });
  await app.close();
  expect(collector.spans).toContainEqual(
    expect.objectContaining({ name: 'GET /health/live', traceId, parentSpanId: callerSpanId }),
  );
});

test('a call by a client and the request that it makes are one trace', async () => {
  const collector = await startCollector();
  const app = await buildService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = new HttpClient('upstream', origin, { log: app.log, metrics: app.metrics });
  await client.request('GET', '/health/live');
  await client.close();
  await app.close();
  const span = (wanted: string) => collector.spans.find(({ name }) => name === wanted);
  const call = span('GET upstream');
  expect(call).toBeDefined();
  expect(span('GET /health/live')).toMatchObject({
    traceId: call?.traceId,
    parentSpanId: call?.spanId,
  });
});

test('the span of a request whose caller has gone is ended, and says so', async () => {
  const collector = await startCollector();
  const app = await buildService({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  app.get('/slow', () => delay(2000, {}));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await expect(fetch(`${url}/slow`, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
  await app.close();
  const status = { key: 'http.response.status_code', value: { intValue: 499 } };
  expect(collector.spans.filter(({ name }) => name === 'GET /slow')).toEqual([
    expect.objectContaining({ attributes: expect.arrayContaining([status]) }),
  ]);
});

test('a collector that is away does not keep the service from stopping', async () => {
  const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  const app = await buildService(nobody);
  await app.inject('/health/live');
  await app.close();
});
