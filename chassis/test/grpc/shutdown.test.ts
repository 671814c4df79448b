import { once } from 'node:events';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { HealthCheckResponse_ServingStatus } from '../../src/grpc/index.ts';
import { CannotListenError } from '../../src/http/index.ts';
import { KeepRequestSchema } from './gen/things/v1/things_pb.ts';
import {
  buildGrpc,
  clientsOf,
  framed,
  openCall,
  serviceName,
  startGrpc,
  statusOf,
} from './grpc.ts';

test('a call in flight at a shutdown is served to its end, and new ones are sent elsewhere', async () => {
  const { app, origin, health } = await startGrpc();
  const watch = health.watch({})[Symbol.asyncIterator]();
  await watch.next();
  const call = await openCall(origin, `/${serviceName}/Keep`);
  const request = create(KeepRequestSchema, { thingName: 'in flight' });
  const message = framed(toBinary(KeepRequestSchema, request));
  const { session } = call;
  if (session === undefined) throw new Error('no session');
  call.write(message.subarray(0, 7));
  // Its answer says that the server has read what was sent before.
  await new Promise((resolve) => session.ping(resolve));
  const sentElsewhere = once(session, 'goaway');
  app.health.markShuttingDown();
  const { value } = await watch.next();
  expect(value?.status).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
  const closed = app.close();
  await sentElsewhere;
  await expect(clientsOf(origin).health.check({})).rejects.toThrow();
  call.end(message.subarray(7));
  expect((await statusOf(call))['grpc-status']).toBe('0');
  await closed;
  app.health.assertFinished();
});

test('a call that does not come to its end keeps no service from stopping', async () => {
  const { app, origin } = await startGrpc({
    environment: { SHUTDOWN_DRAIN_MS: '0', SHUTDOWN_TIMEOUT_MS: '500' },
  });
  const call = await openCall(origin, `/${serviceName}/Keep`);
  call.on('error', () => undefined);
  call.write(Buffer.alloc(3));
  await new Promise((resolve) => call.session?.ping(resolve));
  const begun = performance.now();
  await app.close();
  expect(performance.now() - begun).toBeLessThan(3000);
});

test('a port that is taken is named with its variable', async () => {
  const { app } = await startGrpc();
  const second = await buildGrpc({ port: app.grpc.port });
  await expect(second.ready()).rejects.toThrow(CannotListenError);
});
