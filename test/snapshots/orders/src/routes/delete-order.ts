import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { notFound, problems, writeCondition, writePreconditionHeaders } from 'service-chassis/api';
import { z } from 'zod';
import { deleteOrder } from '../application/delete-order.ts';

const url = '/orders/:id';
const schema = {
  tags: ['orders'],
  operationId: 'deleteOrder',
  summary: 'Delete an order',
  description: 'Only the version that the header `If-Match` names.',
  params: z.object({ id: z.uuid() }),
  headers: writePreconditionHeaders,
  response: {
    204: z.undefined().describe('Deleted'),
    ...problems(400, 404, 409, 412, 428),
  },
};

/** `DELETE /orders/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.delete(url, { schema }, async ({ params, headers }, reply) => {
    const checkVersion = writeCondition(headers);
    const deleted = await app.database.transaction((work) => {
      return deleteOrder(work, params.id, checkVersion);
    });
    if (!deleted) throw notFound(params.id);
    return reply.code(204).send();
  });
};

export default route;
