import { expect, onTestFinished, test } from 'vitest';
import { GrpcClient, Health } from '../../src/grpc/index.ts';
import { buildService } from '../support/service.ts';
import { fine, startFaultyGrpcServer } from './faulty-grpc-server.ts';

test('a request that needs another service is known there by the same id and trace over gRPC', async () => {
  const { origin, seen } = await startFaultyGrpcServer(fine, fine);
  const app = await buildService();
  const client = new GrpcClient('upstream', origin, { log: app.log, metrics: app.metrics });
  onTestFinished(() => client.close());
  app.post('/asks', async () => {
    await client.call(Health.method.check, {});
    return {};
  });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const trace = { traceparent, tracestate: 'a=b' };
  const headers = { ...trace, 'x-request-id': 'order-7' };
  const { statusCode } = await app.inject({ method: 'POST', url: '/asks', headers, payload: {} });
  expect(statusCode).toBe(200);
  await app.inject({ method: 'POST', url: '/asks', headers: { 'x-request-id': 'x'.repeat(200) } });
  expect(seen[0]?.headers).toMatchObject(headers);
  expect(seen[1]?.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
});
