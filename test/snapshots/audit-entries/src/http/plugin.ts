import type { FastifyError, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { observeDeadlines } from './deadlines.ts';
import { failureOf } from './failure.ts';
import { problemOf } from './problem.ts';

/** Answers every error, from whatever depth, as `application/problem+json`. */
export default fp(
  async (app) => {
    // A connection that becomes idle while the server closes would keep it open until it times out.
    let closingIdle: NodeJS.Timeout | undefined;
    app.addHook('preClose', async () => {
      closingIdle = setInterval(() => app.server.closeIdleConnections(), 50);
    });
    app.addHook('onClose', async () => clearInterval(closingIdle));
    observeDeadlines(app);
    app.setNotFoundHandler(async (request, reply) =>
      answer(reply, 404, `There is no ${request.method} ${request.url.split('?')[0]}.`),
    );
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
