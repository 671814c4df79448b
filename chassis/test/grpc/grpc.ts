import { once } from 'node:events';
import { type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type GrpcServerOptions, grpcServer, Health, validated } from '../../src/grpc/index.ts';
import { buildService } from '../support/service.ts';
import { type FindResponseSchema, Thing_State, ThingService } from './gen/things/v1/things_pb.ts';

/** The full name of the service. */
export const serviceName = ThingService.typeName;

const kept = z.object({ thingName: z.string().min(1).max(1000) });

/** What finds things, in place of what looks through those that were kept. */
type Find = () => Promise<MessageInitShape<typeof FindResponseSchema>>;

interface Setting extends Partial<GrpcServerOptions> {
  readonly environment?: Readonly<Record<string, string>>;
  readonly find?: Find;
}

/** Clients of a gRPC server, without any policy. */
export function clientsOf(origin: string) {
  const transport = createGrpcTransport({ baseUrl: origin });
  return {
    service: createClient(ThingService, transport),
    health: createClient(Health, transport),
  };
}

/** Builds a service that keeps things, for one test; it has not started. */
export async function buildGrpc({ environment, find, ...options }: Setting = {}) {
  const app = await buildService(environment);
  const things: { name: string; state: Thing_State }[] = [];
  await app.register(grpcServer, {
    ...{ host: '127.0.0.1', port: 0, ...options },
    services: [
      (router) =>
        router.service(ThingService, {
          keep(request) {
            const { thingName } = validated(kept, request);
            const thing = { name: thingName, state: Thing_State.NEW };
            things.push(thing);
            return { kept: thing };
          },
          find: async ({ name }) =>
            (await find?.()) ?? { found: things.filter((thing) => thing.name === name) },
        }),
    ],
  });
  return app;
}

/** The same, listening. */
export async function startGrpc(setting: Setting = {}) {
  const app = await buildGrpc(setting);
  await app.ready();
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
