import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { Pool } from 'undici';

/** Connections to one upstream, which pass over interim answers (1xx) that nobody has asked for. */
export function createPool(origin: string, options: Pool.Options): Pool {
  passOverInterimAnswers();
  return new Pool(origin, options);
}

/** What is done with the bytes of one connection. */
interface Reading {
  /** From when a request is sent until its answer begins. */
  awaitsHead: boolean;
  /** The beginning of an interim answer whose end has not come yet. */
  begun: Buffer;
}

const nothing = Buffer.alloc(0);
const readings = new WeakMap<Socket, Reading>();
let isWatching = false;

/**
 * A server may send `100 Continue` unasked, and a client must read on (RFC 9110, 15.2). Undici breaks the
 * connection instead, which looks like a failure of the upstream; so these are taken out before it reads.
 */
function passOverInterimAnswers(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('undici:client:sendHeaders', (message) => {
    const socket = socketOf(message);
    if (socket === undefined) return;
    const known = readings.get(socket);
    if (known === undefined) watch(socket);
    else known.awaitsHead = true;
  });
}

function socketOf(message: unknown): Socket | undefined {
  if (typeof message !== 'object' || message === null || !('socket' in message)) return undefined;
  return message.socket instanceof Socket ? message.socket : undefined;
}

function watch(socket: Socket): void {
  const reading: Reading = { awaitsHead: true, begun: nothing };
  readings.set(socket, reading);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): Buffer | null => {
    const bytes: Buffer | null = read(size);
    return bytes === null || !reading.awaitsHead ? bytes : afterInterim(reading, bytes);
  };
}

/** What is left of bytes behind interim answers; `null` when that has not come yet. */
function afterInterim(reading: Reading, bytes: Buffer): Buffer | null {
  let rest = reading.begun.length === 0 ? bytes : Buffer.concat([reading.begun, bytes]);
  while (isInterim(rest)) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) {
      reading.begun = rest;
      return null;
    }
    rest = rest.subarray(end + 4);
  }
  reading.begun = nothing;
  if (rest.length === 0) return null;
  reading.awaitsHead = false;
  return rest;
}

/** `HTTP/1.1 1…`, but not 101, after which the connection is not HTTP any more. */
function isInterim(bytes: Buffer): boolean {
  return bytes[9] === 0x31 && /^HTTP\/1\.\d 1(?!01)\d\d[ \r]/.test(bytes.toString('latin1', 0, 13));
}
