import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { coreConfig, createService, run } from 'service-chassis';
import { describeApi, json, notFound, problems } from 'service-chassis/api';
import { type ConfigOf, readConfig } from 'service-chassis/config';
import type { ErrorFormat } from 'service-chassis/http';
import { listenForSignals } from 'service-chassis/signals';
import { z } from 'zod';

const errorSchema = z
  .object({
    error: z.object({
      code: z.string().describe('Such as `E404`'),
      message: z.string(),
      /** What was wrong with which property of a request. */
      details: z.array(z.string()),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Error' });

/** How this team answers errors, those that no route has seen as well. */
const errorFormat: ErrorFormat<z.infer<typeof errorSchema>> = {
  contentType: 'application/json',
  schema: errorSchema,
  bodyOf({ status, detail, requestId, error }) {
    const details = error.validation?.map(
      ({ instancePath, message }) => `${instancePath} ${message}`,
    );
    return { error: { code: `E${status}`, message: detail, details: details ?? [], requestId } };
  },
};

const articles: FastifyPluginAsyncZod = async (app) => {
  const schema = {
    tags: ['articles'],
    params: z.object({ id: z.string().regex(/^\d+$/) }),
    response: { 200: json('Found', z.object({ id: z.string() })), ...problems(400, 404) },
  };
  app.get('/articles/:id', { schema }, async ({ params: { id } }) => {
    if (id !== '1') throw notFound(id);
    return { id };
  });
};

/** A service with a form of errors of its own: `node own-errors.ts`, with `PORT`. */
async function build(config: ConfigOf<typeof coreConfig>) {
  const app = await createService('articles', config, { errorFormat });
  await describeApi(app, { name: 'articles', description: 'Has one article.' });
  await app.register(articles);
  return app;
}

const loadConfig = async (variables: NodeJS.ProcessEnv) => readConfig(coreConfig, variables);
await run({ loadConfig, build }, process.env, listenForSignals());
