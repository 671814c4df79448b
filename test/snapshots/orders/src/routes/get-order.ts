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
import { orderViewSchema, toOrderView } from '../api/schemas.ts';

const url = '/orders/:id';
const schema = {
  tags: ['orders'],
  operationId: 'getOrder',
  summary: 'Get an order by its id',
  params: z.object({ id: z.uuid() }),
  headers: preconditionHeaders,
  response: {
    200: jsonWithEntityTag('Found', orderViewSchema),
    304: z.undefined().describe('The caller has the current version'),
    ...problems(400, 404, 412),
  },
};

/** `GET /orders/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(url, { schema }, async ({ params, headers }, reply) => {
    const found = await app.database.repository.find(params.id);
    if (found === undefined) throw notFound(params.id);
    reply.header('etag', entityTagOf(found.version));
    if (isNotModified(headers, found.version)) return reply.code(304).send();
    return reply.send(toOrderView(found));
  });
};

export default route;
