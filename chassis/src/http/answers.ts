import type { FastifyError, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { observeDeadlines } from './deadlines.ts';
import { type ErrorFormat, errorBody, problemDetails } from './error-format.ts';
import { rememberMethods } from './methods.ts';
import { HttpError } from './problem.ts';
import type { Failure, StatingError } from './stated-failure.ts';
import { leaveNoBodyUnread } from './unread-body.ts';
import { faultOf } from './unroutable.ts';

export interface AnswersOptions {
  /** What an error means to the caller. */
  readonly failureOf: (error: StatingError) => Failure;
  /** In which form errors are answered; problem details (RFC 9457) unless told otherwise. */
  readonly errorFormat?: ErrorFormat;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** In which form this application answers errors; there once the plugin `answers` is. */
    readonly errorFormat?: ErrorFormat;
  }
}

/** Answers every error, from whatever depth, in one form. */
export const answers = fp(
  async (app, { failureOf, errorFormat = problemDetails }: AnswersOptions) => {
    app.decorate('errorFormat', errorFormat);
    // Text, too, is no body that a route here takes: 415.
    app.removeContentTypeParser('text/plain');
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const fault = faultOf(request);
      if (fault === undefined) done(null, payload);
      else done(fault);
    });
    app.server.on('checkExpectation', (request, response) =>
      app.server.emit('request', request, response),
    );
    leaveNoBodyUnread(app);
    observeDeadlines(app);
    const methodsOf = rememberMethods(app);
    app.setNotFoundHandler(async ({ method, url }, reply) => {
      const [path = ''] = url.split('?');
      const allowed = methodsOf(path);
      if (allowed.length === 0)
        return answer(reply, new HttpError(404, `There is no ${method} ${path}.`));
      reply.header('allow', allowed.join(', '));
      const detail = `${path} takes ${allowed.join(', ')}, not ${method}.`;
      return answer(reply, new HttpError(405, detail));
    });
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const { status, retryAfter } = failureOf(error);
      if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
      // A caller who has gone gets no answer, and it is not the service that failed.
      if (status >= 500 && !reply.raw.destroyed)
        request.log.error({ err: error }, 'request failed');
      return answer(reply, error, status);
    });
  },
  { name: 'http' },
);

function answer(
  reply: FastifyReply,
  error: FastifyError | HttpError,
  status = error.statusCode ?? 500,
): FastifyReply {
  const { request, log, server } = reply;
  const requestId = request.id;
  const unanswered = { status, error, requestId, request, log };
  const { contentType, body } = errorBody(server.errorFormat, unanswered);
  return reply
    .code(status)
    .header('x-request-id', requestId)
    .header('content-type', contentType)
    .serializer(JSON.stringify)
    .send(body);
}
