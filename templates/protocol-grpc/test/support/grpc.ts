import { once } from 'node:events';
import { type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { onTestFinished } from 'vitest';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { Health } from '../../src/grpc/gen/grpc/health/v1/health_pb.ts';
import { startService } from './service.ts';

/** The full name of the service. */
export const serviceName = api.__Aggregate__Service.typeName;

/** Clients of a gRPC server, without any policy. */
export function clientsOf(origin: string) {
  const transport = createGrpcTransport({ baseUrl: origin });
  const definition = api.__Aggregate__Service;
  return { service: createClient(definition, transport), health: createClient(Health, transport) };
}

/** Builds the service in this process, listening for gRPC, for one test. */
export async function startGrpc(environment: Readonly<Record<string, string>> = {}) {
  const app = await startService({}, environment);
  const origin = `http://127.0.0.1:${app.grpc.port}`;
  return { app, origin, ...clientsOf(origin) };
}

/** Opens a call without sending its message; what the client libraries would not do can be done with it. */
export async function openCall(
  origin: string,
  path: string,
  metadata: Readonly<Record<string, string>> = {},
): Promise<ClientHttp2Stream> {
  const session = connect(origin);
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  await once(session, 'connect');
  const head = { ':method': 'POST', ':path': path, te: 'trailers' };
  return session.request({ ...head, 'content-type': 'application/grpc', ...metadata });
}

/** The status that a call ends with, in its trailers or, without a message, in its head. */
export async function statusOf(call: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  const seen: IncomingHttpHeaders = {};
  call.on('response', (headers) => Object.assign(seen, headers));
  call.on('trailers', (trailers) => Object.assign(seen, trailers));
  call.resume();
  await once(call, 'close');
  return seen;
}

/** A message as it is sent: a flag, its length, itself. */
export function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
