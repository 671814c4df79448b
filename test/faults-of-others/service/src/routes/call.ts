import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createOrder } from '../application/create-order.ts';
import { callOther } from '../other-service.ts';

/** `POST /calls?how=HOW`: creates one, and calls another service in the same transaction. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/calls',
    { schema: { querystring: z.object({ how: z.string() }) } },
    async (request, reply) => {
      await app.database.transaction(async (work) => {
        await createOrder(work, { reference: 'called' });
        await callOther(request.query.how);
      });
      return reply.code(201).send({});
    },
  );
};

export default route;
