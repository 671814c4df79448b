import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The status of a request whose caller went before the whole answer was sent; nginx has made it the usual one. */
export const callerGone = 499;

/** Calls back once for each request, when it has its answer or its caller has gone. */
export function onRequestEnd(
  app: FastifyInstance,
  ended: (request: FastifyRequest, reply: FastifyReply, statusCode: number) => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) ended(request, reply, callerGone);
    });
    done();
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.raw.writableFinished) ended(request, reply, reply.statusCode);
  });
}
