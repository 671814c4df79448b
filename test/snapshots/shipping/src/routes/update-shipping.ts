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
import { shippingChangesSchema, shippingViewSchema, toShippingView } from '../api/schemas.ts';
import { updateShipping } from '../application/update-shipping.ts';

const url = '/shipping/:id';
const schema = {
  tags: ['shipping'],
  operationId: 'updateShipping',
  summary: 'Update a shipping',
  description: 'Only the version that the header `If-Match` names.',
  params: z.object({ id: z.uuid() }),
  headers: writePreconditionHeaders,
  body: shippingChangesSchema,
  response: {
    200: jsonWithEntityTag('Updated', shippingViewSchema),
    ...problems(400, 404, 409, 412, 428),
  },
};

/** `PUT /shipping/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.put(url, { schema }, async ({ params, body, headers }, reply) => {
    const checkVersion = writeCondition(headers);
    const updated = await app.database.transaction((work) => {
      return updateShipping(work, params.id, body, checkVersion);
    });
    if (updated === undefined) throw notFound(params.id);
    reply.header('etag', entityTagOf(updated.version));
    return reply.send(toShippingView(updated));
  });
};

export default route;
