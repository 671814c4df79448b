import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { json, problems } from 'service-chassis/api';
import { z } from 'zod';
import { __aggregate__PageSchema, to__Aggregate__View } from '../api/schemas.ts';
import { list__Aggregates__ } from '../application/list-__aggregates_kebab__.ts';

const url = '/__service__';
const schema = {
  tags: ['__service__'],
  operationId: 'list__Aggregates__',
  summary: 'List __aggregates_words__ page by page, oldest first',
  querystring: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    after: z.uuid().optional(),
  }),
  response: {
    200: json('A page', __aggregate__PageSchema),
    ...problems(400),
  },
};

/** `GET /__service__` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(url, { schema }, async ({ query }) => {
    const { items, next } = await list__Aggregates__(app.database.repository, query);
    return {
      items: items.map(to__Aggregate__View),
      next: next ?? null,
    };
  });
};

export default route;
