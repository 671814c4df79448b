import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../../http/index.ts';
import { callerKey } from '../callers/caller-key.ts';
import { whileWaitedFor } from './caller-gone.ts';
import { hasBody, receiveBody, requireFit } from './request-body.ts';
import type { Upload, UploadLimits } from './upload.ts';

/** How a request came in, for what forwards it. */
export interface Entry {
  /** The path that was opened. */
  readonly path: string;
  /** What follows it in the URL, as it came, with the query. */
  readonly rest: string;
  /** Aborted when the caller goes away, or sends what is refused. */
  readonly stop: AbortController;
  readonly body: Buffer | Upload | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a request that came in by an entrance. */
    entry: Entry | undefined;
  }
}

/** A path that is opened to callers. */
export interface EntranceOptions {
  /** Without a slash at its end; all below it is opened too. */
  readonly path: string;
  /** Whether callers need no token. */
  readonly isPublic: boolean;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** How a request came in. @throws Error for one that came in elsewhere. */
export function entryOf({ entry, url }: FastifyRequest): Entry {
  if (entry === undefined) throw new Error(`${url} did not come in by an entrance`);
  return entry;
}

/**
 * Opens a path and all below it, for every method. Bodies are not parsed: they flow, within the limits of
 * the gateway.
 *
 * @param handle `rest` is what follows the path in the URL, as it came, with the query.
 */
export function entrance(
  app: FastifyInstance,
  { path, isPublic }: EntranceOptions,
  handle: (request: FastifyRequest, reply: FastifyReply, rest: string) => Promise<FastifyReply>,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const url of [path, `${path}/*`]) {
      scope.route({
        method: methods,
        url,
        bodyLimit: scope.initialConfig.bodyLimit ?? 0,
        config: { isPublic },
        handler: async (request, reply) => {
          const entry = await enter(request, reply, path);
          return handle(request, reply, entry.rest);
        },
      });
    }
  });
}

async function enter(request: FastifyRequest, reply: FastifyReply, path: string): Promise<Entry> {
  const { url } = request;
  // The router has decoded the path; a path that is the same only then is not what was opened.
  if (!url.startsWith(path)) throw new HttpError(400, 'The path has needless percent-encoding.');
  // Fastify and the streams of an answer wait for its end several times each; that is no leak.
  reply.raw.setMaxListeners(20);
  const stop = whileWaitedFor(reply);
  const body = hasBody(request.raw) ? await bodyOf(request, reply, stop) : null;
  const entry = { path, rest: url.slice(path.length), stop, body };
  request.entry = entry;
  return entry;
}

/** The body, or its beginning. While a caller sends it, it has one of the caller's places. */
async function bodyOf(
  request: FastifyRequest,
  reply: FastifyReply,
  stop: AbortController,
): Promise<Buffer | Upload> {
  const { raw, server } = request;
  const { maxBody, slowUpload: slowFor, uploads } = server.forwarding;
  const limits: UploadLimits = { caller: callerKey(request), maxBody, slowFor, stop };
  requireFit(raw, limits);
  if (!raw.complete) {
    const giveBack = uploads.take(limits.caller, 'the gateway');
    for (const event of ['end', 'close']) raw.once(event, giveBack);
    reply.raw.once('close', giveBack);
  }
  return receiveBody(raw, limits);
}
