import fastify, { LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { createLogger } from 'service-chassis/telemetry';
import { v7 } from 'uuid';
import { z } from 'zod';
import {
  newOrderSchema as creationSchema,
  orderViewSchema as representationSchema,
} from './src/api/schemas.ts';

/**
 * Bare Fastify on a store's bare driver, as its documentation uses it: the same schemas, log line and
 * table as the emitted service, and nothing else. `node bare.ts STORE`
 */
const { open } = await import(`./bare/${process.argv[2]}.ts`);
const store = await open(process.env.DATABASE_URL);
const app = fastify({
  loggerInstance: createLogger('bare', { logLevel: 'info', pretty: false, collector: undefined }),
  logController: new LogController({ disableRequestLogging: true }),
});
app.setValidatorCompiler(validatorCompiler);
app.setSerializerCompiler(serializerCompiler);
app.addHook('onResponse', async (request, reply) => {
  const { method, routeOptions } = request;
  const { statusCode, elapsedTime: durationMs } = reply;
  request.log.info(
    { method, route: routeOptions.url, statusCode, durationMs },
    'request completed',
  );
});
app.get('/orders/:id', {
  schema: {
    params: z.object({ id: z.uuid() }),
    response: { 200: representationSchema },
  },
  handler: async (request) => store.find(request.params.id),
});
app.post('/orders', {
  schema: { body: creationSchema, response: { 201: representationSchema } },
  handler: async (request, reply) => {
    const now = new Date();
    const same = { id: v7(), reference: request.body.reference, status: 'open', version: 1 };
    await store.insert({ ...same, now });
    const time = now.toISOString();
    return reply.code(201).send({ ...same, createdAt: time, updatedAt: time });
  },
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
