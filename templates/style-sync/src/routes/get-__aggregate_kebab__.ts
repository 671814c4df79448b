import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  entityTagOf,
  isNotModified,
  notFound,
  preconditionHeaders,
  problems,
  jsonWithEntityTag,
} from 'service-chassis/api';
import { z } from 'zod';
import { __aggregate__ViewSchema, to__Aggregate__View } from '../api/schemas.ts';

/** `GET /__service__/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/__service__/:id',
    {
      schema: {
        tags: ['__service__'],
        operationId: 'get__Aggregate__',
        summary: 'Get __an_aggregate__ by its id',
        params: z.object({ id: z.uuid() }),
        headers: preconditionHeaders,
        response: {
          200: jsonWithEntityTag('Found', __aggregate__ViewSchema),
          304: z.undefined().describe('The caller has the current version'),
          ...problems(400, 404, 412),
        },
      },
    },
    async (request, reply) => {
      const found = await app.database.repository.find(request.params.id);
      if (found === undefined) throw notFound(request.params.id);
      reply.header('etag', entityTagOf(found.version));
      if (isNotModified(request.headers, found.version)) return reply.code(304).send();
      return reply.send(to__Aggregate__View(found));
    },
  );
};

export default route;
