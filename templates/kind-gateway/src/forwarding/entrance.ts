import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../http/problem.ts';
import { whileWaitedFor } from './caller-gone.ts';
import { requireFit } from './request-body.ts';

/** How a request came in, for what forwards it. */
export interface Entry {
  /** The path that was opened. */
  readonly path: string;
  /** What follows it in the URL, as it came, with the query. */
  readonly rest: string;
  /** Aborted when the caller goes away, or sends what is refused. */
  readonly stop: AbortController;
  readonly maxBody: number;
}

/** A path that is opened to callers. */
export interface EntranceOptions {
  /** Without a slash at its end; all below it is opened too. */
  readonly path: string;
  /** Whether callers need no token. */
  readonly isPublic: boolean;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const entries = new WeakMap<FastifyRequest, Entry>();

/** How a request came in. @throws Error for one that came in elsewhere. */
export function entryOf(request: FastifyRequest): Entry {
  const entry = entries.get(request);
  if (entry === undefined) throw new Error(`${request.url} did not come in by an entrance`);
  return entry;
}

/**
 * Opens a path and all below it, for every method. Bodies are not parsed: they flow, within the limit of
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
        handler: (request, reply) => {
          const entry = enter(request, reply, path, scope.initialConfig.bodyLimit ?? 0);
          return handle(request, reply, entry.rest);
        },
      });
    }
  });
}

function enter(request: FastifyRequest, reply: FastifyReply, path: string, maxBody: number): Entry {
  const { url } = request;
  // The router has decoded the path; a path that is the same only then is not what was opened.
  if (!url.startsWith(path)) throw new HttpError(400, 'The path has needless percent-encoding.');
  requireFit(request.raw, maxBody);
  const entry = { path, rest: url.slice(path.length), stop: whileWaitedFor(reply), maxBody };
  entries.set(request, entry);
  return entry;
}
