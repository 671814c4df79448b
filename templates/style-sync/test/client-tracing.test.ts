import { startCollector } from 'service-chassis/testing';
import { expect, test } from 'vitest';
import { __Aggregate__Client } from '../src/clients/__aggregate_kebab__-client.ts';
import { startService } from './support/service.ts';

test('a call by the client and the request that it makes are one trace', async () => {
  const collector = await startCollector();
  const app = await startService({}, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const tools = { log: app.log, metrics: app.metrics };
  const client = new __Aggregate__Client(origin, tools);
  await client.create('traced');
  await client.close();
  await app.close();
  const span = (wanted: string) => collector.spans.find(({ name }) => name === wanted);
  const call = span('POST __service__');
  expect(span('POST /__service__')).toMatchObject({
    traceId: call?.traceId,
    parentSpanId: call?.spanId,
  });
});
