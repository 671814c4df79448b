import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { notFound, problems, writeCondition, writePreconditionHeaders } from 'service-chassis/api';
import { z } from 'zod';
import { deleteShipping } from '../application/delete-shipping.ts';

const url = '/shipping/:id';
const schema = {
  tags: ['shipping'],
  operationId: 'deleteShipping',
  summary: 'Delete a shipping',
  description: 'Only the version that the header `If-Match` names.',
  params: z.object({ id: z.uuid() }),
  headers: writePreconditionHeaders,
  response: {
    204: z.undefined().describe('Deleted'),
    ...problems(400, 404, 409, 412, 428),
  },
};

/** `DELETE /shipping/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.delete(url, { schema }, async ({ params, headers }, reply) => {
    const checkVersion = writeCondition(headers);
    const deleted = await app.database.transaction((work) => {
      return deleteShipping(work, params.id, checkVersion);
    });
    if (!deleted) throw notFound(params.id);
    return reply.code(204).send();
  });
};

export default route;
