import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { json, problems } from 'service-chassis/api';
import { z } from 'zod';
import { shippingPageSchema, toShippingView } from '../api/schemas.ts';
import { listShipping } from '../application/list-shipping.ts';

const url = '/shipping';
const schema = {
  tags: ['shipping'],
  operationId: 'listShipping',
  summary: 'List shipping page by page, oldest first',
  querystring: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    after: z.uuid().optional(),
  }),
  response: {
    200: json('A page', shippingPageSchema),
    ...problems(400),
  },
};

/** `GET /shipping` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(url, { schema }, async ({ query }) => {
    const { items, next } = await listShipping(app.database.repository, query);
    return {
      items: items.map(toShippingView),
      next: next ?? null,
    };
  });
};

export default route;
