import fastify from 'fastify';
import { HttpClient, isUpstreamFailure } from 'service-chassis/clients';
import { health } from 'service-chassis/health';
import { withFallback } from 'service-chassis/resilience';
import { telemetry } from 'service-chassis/telemetry';

/**
 * A Fastify application that was not made here: it takes the probes, and calls another service by a
 * client that knows when to stop asking. `node policy-and-probes.ts`, with `PRICES_URL` and `PORT`.
 */
const app = fastify({ logger: true });
const config = { logLevel: 'info', pretty: false, collector: undefined };
await app.register(telemetry, { name: 'shop', config });
await app.register(health, { stopTimeout: 10_000 });

const prices = new HttpClient('prices', process.env.PRICES_URL ?? 'http://127.0.0.1:4000', {
  log: app.log,
  metrics: app.metrics,
  policy: { attemptTimeout: 1000, totalTimeout: 3000, running: 20 },
});
app.addHook('onClose', () => prices.close());
// Shown, but callers are served without it: they are told that there is no price now.
app.health.addCheck('prices', async () => void (await prices.request('GET', '/health')), {
  required: false,
});

app.get<{ Params: { article: string } }>('/articles/:article', async ({ params: { article } }) => {
  const price = prices.request('GET', `/${encodeURIComponent(article)}`);
  return { article, price: await withFallback(price, isUpstreamFailure, () => null) };
});

process.once('SIGTERM', () => void app.close());
await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
