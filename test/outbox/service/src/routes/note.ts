import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newEvent } from '../events/event.ts';
import noted from '../events/schemas/noted.v1.ts';
import other from '../events/schemas/other.v1.ts';

const definitions = { noted, other };

const body = z.object({
  type: z.enum(['noted', 'other']),
  subject: z.string(),
  texts: z.array(z.string()),
  /** Each text is followed by so many of these. */
  filler: z.string().default(''),
  times: z.number().default(0),
});

/** `POST /notes`: publishes one event a text, all in one transaction. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post('/notes', { schema: { body } }, async (request, reply) => {
    const { type, subject, texts, filler, times } = request.body;
    await app.database.transaction(async (work) => {
      for (const text of texts) {
        const data = { text: text + filler.repeat(times) };
        await work.publish(newEvent(definitions[type], subject, data));
      }
    });
    return reply.code(201).send({});
  });
};

export default route;
