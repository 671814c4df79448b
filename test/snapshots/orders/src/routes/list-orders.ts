import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { json, problems } from 'service-chassis/api';
import { z } from 'zod';
import { orderPageSchema, toOrderView } from '../api/schemas.ts';
import { listOrders } from '../application/list-orders.ts';

const url = '/orders';
const schema = {
  tags: ['orders'],
  operationId: 'listOrders',
  summary: 'List orders page by page, oldest first',
  querystring: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    after: z.uuid().optional(),
  }),
  response: {
    200: json('A page', orderPageSchema),
    ...problems(400),
  },
};

/** `GET /orders` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(url, { schema }, async ({ query }) => {
    const { items, next } = await listOrders(app.database.repository, query);
    return {
      items: items.map(toOrderView),
      next: next ?? null,
    };
  });
};

export default route;
