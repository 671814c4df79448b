import fp from 'fastify-plugin';

/** Answers `GET /metrics`: who reaches a service at all is one of those who run it. */
export default fp(
  async (app) => {
    app.get('/metrics', { logLevel: 'warn' }, async (_request, reply) =>
      reply.type(app.metrics.contentType).send(await app.metrics.metrics()),
    );
  },
  { name: 'metrics', dependencies: ['telemetry'] },
);
