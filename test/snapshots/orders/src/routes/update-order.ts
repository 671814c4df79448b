import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  entityTagOf,
  notFound,
  problems,
  jsonWithEntityTag,
  writeCondition,
  writePreconditionHeaders,
} from 'service-chassis/api';
import { z } from 'zod';
import { orderChangesSchema, orderViewSchema, toOrderView } from '../api/schemas.ts';
import { updateOrder } from '../application/update-order.ts';

const url = '/orders/:id';
const schema = {
  tags: ['orders'],
  operationId: 'updateOrder',
  summary: 'Update an order',
  description: 'Only the version that the header `If-Match` names.',
  params: z.object({ id: z.uuid() }),
  headers: writePreconditionHeaders,
  body: orderChangesSchema,
  response: {
    200: jsonWithEntityTag('Updated', orderViewSchema),
    ...problems(400, 404, 409, 412, 428),
  },
};

/** `PUT /orders/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.put(url, { schema }, async ({ params, body, headers }, reply) => {
    const checkVersion = writeCondition(headers);
    const updated = await app.database.transaction((work) => {
      return updateOrder(work, params.id, body, checkVersion);
    });
    if (updated === undefined) throw notFound(params.id);
    reply.header('etag', entityTagOf(updated.version));
    return reply.send(toOrderView(updated));
  });
};

export default route;
