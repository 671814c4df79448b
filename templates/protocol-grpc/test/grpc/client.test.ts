import { Code } from '@connectrpc/connect';
import { startCollector } from 'service-chassis/testing';
import { expect, onTestFinished, test } from 'vitest';
import { __Aggregate__GrpcClient } from '../../src/clients/__aggregate_kebab__-grpc-client.ts';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { serviceName, startGrpc } from '../support/grpc.ts';

const { OPEN, CLOSED } = api.__Aggregate___Status;

async function startWithClient(environment: Readonly<Record<string, string>> = {}) {
  const { app, origin } = await startGrpc(environment);
  const tools = { log: app.log, metrics: app.metrics };
  const client = new __Aggregate__GrpcClient(origin, tools);
  onTestFinished(() => client.close());
  return { app, client };
}

test('the client creates, reads, changes, lists and deletes over gRPC', async () => {
  const { client } = await startWithClient();
  const created = await client.create('from the client');
  expect(await client.read(created.id)).toEqual(created);
  const twice = [await client.create('twice', 'key'), await client.create('twice', 'key')];
  expect(twice[0]).toEqual(twice[1]);
  expect(await client.read('018f0000-0000-7000-8000-000000000000')).toBeUndefined();
  const closed = await client.update(created, { status: CLOSED });
  expect(closed).toMatchObject({ reference: 'from the client', status: CLOSED, version: 2 });
  const conflict = { code: Code.Aborted };
  await expect(client.update(created, { status: OPEN })).rejects.toMatchObject(conflict);
  await expect(client.delete(created)).rejects.toMatchObject(conflict);
  expect(await Array.fromAsync(client.list())).toContainEqual(closed);
  await client.delete(closed);
  await client.delete(closed);
  expect(await client.read(created.id)).toBeUndefined();
});

test('a call by the client over gRPC and the work for it are one trace', async () => {
  const collector = await startCollector();
  const { app, client } = await startWithClient({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await client.create('traced');
  await client.close();
  await app.close();
  const name = `${serviceName}/Create`;
  const spans = collector.spans.filter((span) => span.name === name);
  expect(spans).toHaveLength(2);
  const call = spans.find(({ parentSpanId }) => !parentSpanId);
  expect(spans).toContainEqual(
    expect.objectContaining({ traceId: call?.traceId, parentSpanId: call?.spanId }),
  );
});
