import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf } from '../api/entity-tags.ts';
import { problems, shows } from '../api/responses.ts';
import { creationSchema, represent, representationSchema } from '../api/schemas.ts';
import { create } from '../application/create.ts';
import { changeOnce, idempotencyHeaders } from '../idempotency/idempotency.ts';

/** `POST /__service__` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/__service__',
    {
      schema: {
        tags: ['__service__'],
        operationId: 'create',
        summary: 'Create a new __aggregate_words__',
        headers: idempotencyHeaders,
        body: creationSchema,
        response: {
          201: shows('Created', { Location: { type: 'string', description: 'Where it is' } }),
          ...problems(400, 422),
        },
      },
    },
    async (request, reply) => {
      const answer = await changeOnce(app, request, async (work) =>
        represent(await create(work, request.body)),
      );
      const created = representationSchema.parse(answer);
      reply.header('location', `/__service__/${created.id}`);
      reply.header('etag', entityTagOf(created.version));
      return reply.code(201).send(created);
    },
  );
};

export default route;
