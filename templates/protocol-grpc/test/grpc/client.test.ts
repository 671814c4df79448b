import { Code } from '@connectrpc/connect';
import { expect, onTestFinished, test } from 'vitest';
import { __Aggregate__GrpcClient } from '../support/__aggregate_kebab__-grpc-client.ts';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { startGrpc } from '../support/grpc.ts';

const { OPEN, CLOSED } = api.__Aggregate___Status;

test('the client creates, reads, changes, lists and deletes over gRPC', async () => {
  const { app, origin } = await startGrpc();
  const tools = { log: app.log, metrics: app.metrics };
  const client = new __Aggregate__GrpcClient(origin, tools);
  onTestFinished(() => client.close());
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
