import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf, problems, jsonWithEntityTag } from 'service-chassis/api';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { creationSchema, represent, representationSchema } from '../api/schemas.ts';
import { create } from '../application/create.ts';

/** `POST /orders` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/orders',
    {
      schema: {
        tags: ['orders'],
        operationId: 'create',
        summary: 'Create a new order',
        headers: idempotencyHeaders,
        body: creationSchema,
        response: {
          201: jsonWithEntityTag('Created', representationSchema, {
            Location: { type: 'string', description: 'Where it is' },
          }),
          ...problems(400, 422),
        },
      },
    },
    async (request, reply) => {
      const answer = await changeOnce(app, request, async (work) =>
        represent(await create(work, request.body)),
      );
      const created = representationSchema.parse(answer);
      reply.header('location', `/orders/${created.id}`);
      reply.header('etag', entityTagOf(created.version));
      return reply.code(201).send(created);
    },
  );
};

export default route;
