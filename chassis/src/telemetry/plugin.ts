import fp from 'fastify-plugin';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { TelemetryConfig } from './config.ts';
import { runCorrelated } from './correlation.ts';
import { callerGone, onRequestEnd } from './request-end.ts';
import { traceRequests } from './server-spans.ts';
import { startTracing } from './tracing.ts';

export interface TelemetryOptions {
  readonly name: string;
  readonly config: TelemetryConfig;
}

/** One log line and one observation a request, and spans when there is a collector. */
export const telemetry = fp(
  async (app, { name, config }: TelemetryOptions) => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request line to the end of the answer',
      labelNames: ['method', 'route', 'status_code'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
    app.decorate('metrics', registry);

    if (config.collector !== undefined) {
      const tracing = await startTracing(name, config.collector);
      traceRequests(app);
      app.addHook('onClose', () => tracing.stop());
    }
    // Not before the body is read: what that calls back does not run in the context of the hooks.
    app.addHook('preHandler', (request, _reply, done) =>
      runCorrelated(request.id, request.headers, done),
    );
    onRequestEnd(app, (request, reply, statusCode) => {
      const route = request.routeOptions.url ?? 'unknown';
      duration.observe(
        { method: request.method, route, status_code: statusCode },
        reply.elapsedTime / 1000,
      );
      request.log.info(
        {
          method: request.method,
          route,
          statusCode,
          durationMs: Math.round(reply.elapsedTime * 10) / 10,
        },
        statusCode === callerGone ? 'the caller has gone' : 'request completed',
      );
    });
  },
  { name: 'telemetry' },
);
