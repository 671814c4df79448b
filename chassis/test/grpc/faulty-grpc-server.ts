import { once } from 'node:events';
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { create, toBinary } from '@bufbuild/protobuf';
import { onTestFinished } from 'vitest';
import {
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from '../../src/grpc/gen/grpc/health/v1/health_pb.ts';
import { framed } from './grpc.ts';

/** How one call is treated. */
export type Fault = (stream: ServerHttp2Stream) => void;

const head = { ':status': 200, 'content-type': 'application/grpc' };
const { SERVING: status } = HealthCheckResponse_ServingStatus;
const serving = framed(
  toBinary(HealthCheckResponseSchema, create(HealthCheckResponseSchema, { status })),
);

function answersWith(message: Buffer): Fault {
  return (stream) => {
    stream.respond(head, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(message);
  };
}

/** Says that the service is SERVING, as a healthy server does. */
export const fine = answersWith(serving);

/** Ends a call with that code. */
export function code(number: number, metadata: Readonly<Record<string, string>> = {}): Fault {
  return (stream) => {
    stream.respond({ ...head, 'grpc-status': String(number), ...metadata }, { endStream: true });
  };
}

export const faults = {
  /** Takes the call, and never says a word. */
  hangs: () => undefined,
  /** Begins to answer, and never goes on. */
  stalls: (stream) => {
    stream.respond(head, { waitForTrailers: true });
    stream.write(serving.subarray(0, 3));
  },
  /** Resets the call, and keeps the connection. */
  resets: (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  /** Refuses the call before looking at it. */
  refuses: (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
  /** Breaks the connection instead of answering. */
  breaks: (stream) => stream.session?.socket.destroy(),
  /** Begins to answer, and breaks the connection in the middle. */
  breaksOff: (stream) => {
    stream.respond(head, { waitForTrailers: true });
    stream.write(serving.subarray(0, 3), () => stream.session?.destroy());
  },
  /** Sends everybody elsewhere, this call too. */
  goesAway: (stream) => {
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 0);
    stream.session?.destroy();
  },
  /** Sends everybody elsewhere, and answers this call. */
  goesAwayAfterwards: (stream) => {
    stream.session?.close();
    setTimeout(() => fine(stream), 50);
  },
  /** Answers with more than anybody wants to read. */
  floods: answersWith(framed(new Uint8Array(2_000_000))),
} satisfies Record<string, Fault>;

/** A call that came, and when. */
interface SeenCall {
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/**
 * A gRPC server for one test that treats its calls one by one as told, and all further ones as the
 * last; it counts its connections, and the calls that were given up.
 */
export async function startFaultyGrpcServer(...treatments: [Fault, ...Fault[]]) {
  const seen: SeenCall[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const connections = { opened: 0, givenUp: 0 };
  const server = createServer();
  server.on('session', (session) => {
    connections.opened += 1;
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    stream.once('aborted', () => {
      connections.givenUp += 1;
    });
    seen.push({ headers, at: performance.now() });
    const treatment = treatments[seen.length - 1] ?? treatments.at(-1) ?? treatments[0];
    treatment(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { origin: `http://127.0.0.1:${address.port}`, seen, connections };
}
