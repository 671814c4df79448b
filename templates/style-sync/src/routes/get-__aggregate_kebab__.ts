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

const url = '/__service__/:id';
const schema = {
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
};

/** `GET /__service__/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(url, { schema }, async ({ params, headers }, reply) => {
    const found = await app.database.repository.find(params.id);
    if (found === undefined) throw notFound(params.id);
    reply.header('etag', entityTagOf(found.version));
    if (isNotModified(headers, found.version)) return reply.code(304).send();
    return reply.send(to__Aggregate__View(found));
  });
};

export default route;
