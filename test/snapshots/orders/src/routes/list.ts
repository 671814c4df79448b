import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { json, problems } from 'service-chassis/api';
import { z } from 'zod';
import { pageSchema, represent } from '../api/schemas.ts';
import { list } from '../application/list.ts';

/** `GET /orders` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/orders',
    {
      schema: {
        tags: ['orders'],
        operationId: 'list',
        summary: 'List a page, oldest first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(20),
          after: z.uuid().optional(),
        }),
        response: { 200: json('A page', pageSchema), ...problems(400) },
      },
    },
    async (request) => {
      const { limit, after } = request.query;
      const { items, next } = await list(app.database.repository, { limit, after });
      return { items: items.map(represent), next: next ?? null };
    },
  );
};

export default route;
