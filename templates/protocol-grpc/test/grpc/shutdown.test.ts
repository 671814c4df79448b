import { once } from 'node:events';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { HealthCheckResponse_ServingStatus } from '../../src/grpc/gen/grpc/health/v1/health_pb.ts';
import { clientsOf, framed, openCall, serviceName, statusOf } from '../support/grpc.ts';
import { freePort, startProcess } from '../support/process.ts';

test('a call in flight when SIGTERM comes is served to its end, and new ones are sent elsewhere', async () => {
  const port = await freePort();
  const { child, exited } = await startProcess({ GRPC_PORT: String(port) });
  const origin = `http://127.0.0.1:${port}`;
  const { health } = clientsOf(origin);
  const watch = health.watch({})[Symbol.asyncIterator]();
  await watch.next();
  const call = await openCall(origin, `/${serviceName}/Create`);
  const request = create(api.CreateRequestSchema, { reference: 'in flight' });
  const message = framed(toBinary(api.CreateRequestSchema, request));
  const { session } = call;
  if (session === undefined) throw new Error('no session');
  call.write(message.subarray(0, 7));
  // Its answer says that the server has read what was sent before.
  await new Promise((resolve) => session.ping(resolve));
  const sentElsewhere = once(session, 'goaway');
  child.kill('SIGTERM');
  const { value } = await watch.next();
  expect(value?.status).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
  await sentElsewhere;
  await expect(clientsOf(origin).health.check({})).rejects.toThrow();
  call.end(message.subarray(7));
  expect((await statusOf(call))['grpc-status']).toBe('0');
  expect(await exited).toBe(0);
});
