import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  creationSchema,
  problemResponses,
  represent,
  representationSchema,
} from '../api/schemas.ts';
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
        response: { 201: representationSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const created = await app.database.transaction((work) => create(work, request.body));
      reply.header('location', `/shipping/${created.id}`);
      return reply.code(201).send(represent(created));
    },
  );
};

export default route;
