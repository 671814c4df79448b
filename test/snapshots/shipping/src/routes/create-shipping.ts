import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf, problems, jsonWithEntityTag } from 'service-chassis/api';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { shippingViewSchema, newShippingSchema, toShippingView } from '../api/schemas.ts';
import { createShipping } from '../application/create-shipping.ts';

const url = '/shipping';
const schema = {
  tags: ['shipping'],
  operationId: 'createShipping',
  summary: 'Create a shipping',
  headers: idempotencyHeaders,
  body: newShippingSchema,
  response: {
    201: jsonWithEntityTag('Created', shippingViewSchema, {
      Location: { type: 'string', description: 'The path of what was created' },
    }),
    ...problems(400, 422),
  },
};

/** `POST /shipping` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(url, { schema }, async (request, reply) => {
    const answer = await changeOnce(app, request, async (work) => {
      const created = await createShipping(work, request.body);
      return toShippingView(created);
    });
    const view = shippingViewSchema.parse(answer);
    reply.header('location', `${url}/${view.id}`);
    reply.header('etag', entityTagOf(view.version));
    return reply.code(201).send(view);
  });
};

export default route;
