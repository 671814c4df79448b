import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { json, problems } from '../api/responses.ts';
import { pageSchema, represent } from '../api/schemas.ts';

/** `GET /shipping`, oldest first, by keyset: stable while others write. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/shipping',
    {
      schema: {
        tags: ['shipping'],
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
      // One more than asked for tells whether there is a next page.
      const found = await app.database.repository.list({ limit: limit + 1, after });
      const items = found.slice(0, limit).map(represent);
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
};

export default route;
