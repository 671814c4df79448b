import type { FastifyError, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { observeDeadlines } from './deadlines.ts';
import { rememberMethods } from './methods.ts';
import { HttpError, problemOf } from './problem.ts';
import type { Failure, StatingError } from './stated-failure.ts';
import { leaveNoBodyUnread } from './unread-body.ts';

export interface AnswersOptions {
  /** What an error means to the caller. */
  readonly failureOf: (error: StatingError) => Failure;
}

/** Answers every error, from whatever depth, as `application/problem+json`. */
export const answers = fp(
  async (app, { failureOf }: AnswersOptions) => {
    // Text, too, is no body that a route here takes: 415.
    app.removeContentTypeParser('text/plain');
    app.addHook('preParsing', (request, _reply, payload, done) => {
      if (request.originalUrl === request.url) return done(null, payload);
      done(new HttpError(400, 'The path has percent-encoding that cannot be decoded.'));
    });
    leaveNoBodyUnread(app);
    observeDeadlines(app);
    const methodsOf = rememberMethods(app);
    app.setNotFoundHandler(async ({ method, url }, reply) => {
      const [path = ''] = url.split('?');
      const allowed = methodsOf(path);
      if (allowed.length === 0) return answer(reply, 404, `There is no ${method} ${path}.`);
      reply.header('allow', allowed.join(', '));
      return answer(reply, 405, `${path} takes ${allowed.join(', ')}, not ${method}.`);
    });
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const { status, retryAfter } = failureOf(error);
      if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
      // A caller who has gone gets no answer, and it is not the service that failed.
      if (status >= 500 && !reply.raw.destroyed)
        request.log.error({ err: error }, 'request failed');
      return answer(reply, status, error.message);
    });
  },
  { name: 'http' },
);

function answer(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .header('x-request-id', reply.request.id)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(status, detail));
}
