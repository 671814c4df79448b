import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Bytes: the largest body that is read for nothing, so that its connection can serve on. */
const largestRest = 262_144;
/** Milliseconds that are left to the rest of a body, or to a caller to read its answer and hang up. */
const patience = 2000;

/** Connections that take no further request. */
const closing = new WeakSet<Socket>();

/**
 * Answers before the body is read (401, 404, 413, 429, an upstream that needs no more of it) leave a
 * connection in the middle of a request: the rest is read for nothing if that is little, so that the next
 * request is understood, or else the connection is closed, and the answer says so.
 */
export function leaveNoBodyUnread(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    if (!(socket instanceof Socket)) return done(); // as in `inject`, where nothing is sent
    // What comes on a connection that is being closed cannot be answered, so it must not be done either.
    if (closing.has(socket)) return void reply.hijack();
    reply.raw.once('finish', () => {
      if (!request.raw.complete && !closing.has(socket)) readRest(request.raw);
    });
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { raw } = request;
    if (!raw.complete && raw.socket instanceof Socket) {
      if (restOf(raw) > largestRest) reply.header('connection', 'close');
      // Node closes a connection at once after its last answer. Bytes that nobody has read by then
      // make that a reset, which can overtake the answer.
      raw.socket.destroySoon = () => {
        if (raw.complete) Socket.prototype.destroySoon.call(raw.socket);
        else closeGently(raw);
      };
    }
    done(null, payload);
  });
}

/** As many bytes at most; of a body in chunks nobody knows. */
function restOf({ headers }: IncomingMessage): number {
  const length = headers['content-length'];
  return length === undefined ? Number.POSITIVE_INFINITY : Number(length);
}

function readRest(request: IncomingMessage): void {
  const timer = setTimeout(() => closeGently(request), patience);
  for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer));
  request.resume();
}

/** Says that nothing more will come, and reads on for a moment, so that the caller can read its answer. */
function closeGently(request: IncomingMessage): void {
  const { socket } = request;
  closing.add(socket);
  const timer = setTimeout(() => socket.destroy(), patience);
  socket.once('close', () => clearTimeout(timer));
  request.once('end', () => socket.destroy());
  socket.end();
  request.resume();
}
