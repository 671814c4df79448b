import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { GrpcClient } from '../../src/grpc/index.ts';
import { HttpError } from '../../src/http/index.ts';
import { startCollector } from '../../src/testing/index.ts';
import { ThingService } from './gen/things/v1/things_pb.ts';
import { openCall, serviceName, startGrpc, statusOf } from './grpc.ts';

test('calls are counted by method and code, and what there is not counts as one', async () => {
  const find = (): Promise<never> => Promise.reject(new HttpError(404, 'none'));
  const { app, origin, service } = await startGrpc({ find });
  await service.keep({ thingName: 'a' });
  await expect(service.find({ name: 'a' })).rejects.toThrow();
  const unknown = await openCall(origin, '/made.Up/Method');
  unknown.end();
  await statusOf(unknown);
  const { body } = await app.inject('/metrics');
  const labels = `grpc_service="${serviceName}",grpc_method`;
  expect(body).toContain(`grpc_server_handled_total{${labels}="Keep",grpc_code="OK"} 1`);
  expect(body).toContain(`grpc_server_handled_total{${labels}="Find",grpc_code="NOT_FOUND"} 1`);
  expect(body).toContain(`grpc_server_handling_seconds_count{${labels}="Keep"} 1`);
  expect(body).toContain('grpc_method="unknown",grpc_code="UNIMPLEMENTED"} 1');
  expect(body).not.toContain('made.Up');
});

test('a call by the client over gRPC and the work for it are one trace', async () => {
  const collector = await startCollector();
  onTestFinished(() => collector.close());
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const { app, origin } = await startGrpc({ environment });
  const tools = { log: app.log, metrics: new Registry() };
  const client = new GrpcClient('things', origin, tools);
  await client.call(ThingService.method.keep, { thingName: 'traced' });
  await client.close();
  await app.close();
  const spans = collector.spans.filter(({ name }) => name === `${serviceName}/Keep`);
  expect(spans).toHaveLength(2);
  const call = spans.find(({ parentSpanId }) => !parentSpanId);
  expect(spans).toContainEqual(
    expect.objectContaining({ traceId: call?.traceId, parentSpanId: call?.spanId }),
  );
});
