import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf } from '../api/entity-tags.ts';
import { problems, shows } from '../api/responses.ts';
import { creationSchema, represent } from '../api/schemas.ts';
import { create } from '../application/create.ts';

/** `POST /shipping` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/shipping',
    {
      schema: {
        tags: ['shipping'],
        operationId: 'create',
        summary: 'Create a new shipping',
        body: creationSchema,
        response: {
          201: shows('Created', { Location: { type: 'string', description: 'Where it is' } }),
          ...problems(400),
        },
      },
    },
    async (request, reply) => {
      const created = await app.database.transaction((work) => create(work, request.body));
      reply.header('location', `/shipping/${created.id}`);
      reply.header('etag', entityTagOf(created.version));
      return reply.code(201).send(represent(created));
    },
  );
};

export default route;
