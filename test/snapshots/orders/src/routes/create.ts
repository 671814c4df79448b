import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  creationSchema,
  problemResponses,
  represent,
  representationSchema,
} from '../api/schemas.ts';
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
        body: creationSchema,
        response: { 201: representationSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const created = await app.database.transaction((work) => create(work, request.body));
      reply.header('location', `/orders/${created.id}`);
      return reply.code(201).send(represent(created));
    },
  );
};

export default route;
