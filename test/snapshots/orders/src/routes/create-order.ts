import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf, problems, jsonWithEntityTag } from 'service-chassis/api';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { orderViewSchema, newOrderSchema, toOrderView } from '../api/schemas.ts';
import { createOrder } from '../application/create-order.ts';

/** `POST /orders` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/orders',
    {
      schema: {
        tags: ['orders'],
        operationId: 'createOrder',
        summary: 'Create an order',
        headers: idempotencyHeaders,
        body: newOrderSchema,
        response: {
          201: jsonWithEntityTag('Created', orderViewSchema, {
            Location: {
              type: 'string',
              description: 'The path of the new order',
            },
          }),
          ...problems(400, 422),
        },
      },
    },
    async (request, reply) => {
      const answer = await changeOnce(app, request, async (work) => {
        const created = await createOrder(work, request.body);
        return toOrderView(created);
      });
      const view = orderViewSchema.parse(answer);
      reply.header('location', `/orders/${view.id}`);
      reply.header('etag', entityTagOf(view.version));
      return reply.code(201).send(view);
    },
  );
};

export default route;
