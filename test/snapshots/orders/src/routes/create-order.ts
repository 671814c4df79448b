import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf, problems, jsonWithEntityTag } from 'service-chassis/api';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { orderViewSchema, newOrderSchema, toOrderView } from '../api/schemas.ts';
import { createOrder } from '../application/create-order.ts';

const url = '/orders';
const schema = {
  tags: ['orders'],
  operationId: 'createOrder',
  summary: 'Create an order',
  headers: idempotencyHeaders,
  body: newOrderSchema,
  response: {
    201: jsonWithEntityTag('Created', orderViewSchema, {
      Location: { type: 'string', description: 'The path of what was created' },
    }),
    ...problems(400, 422),
  },
};

/** `POST /orders` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(url, { schema }, async (request, reply) => {
    const answer = await changeOnce(app, request, async (work) => {
      const created = await createOrder(work, request.body);
      return toOrderView(created);
    });
    const view = orderViewSchema.parse(answer);
    reply.header('location', `${url}/${view.id}`);
    reply.header('etag', entityTagOf(view.version));
    return reply.code(201).send(view);
  });
};

export default route;
