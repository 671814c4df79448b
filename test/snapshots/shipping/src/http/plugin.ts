import type { FastifyError, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { observeDeadlines } from './deadlines.ts';
import { failureOf } from './failure.ts';
import { rememberMethods } from './methods.ts';
import { problemOf } from './problem.ts';

/** Answers every error, from whatever depth, as `application/problem+json`. */
export default fp(
  async (app) => {
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
      if (status >= 500) request.log.error({ err: error }, 'request failed');
      return answer(reply, status, error.message);
    });
  },
  { name: 'http' },
);

function answer(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(status, detail));
}
