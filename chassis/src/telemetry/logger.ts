import { context, trace } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import type { TelemetryConfig } from './config.ts';

/** JSON lines that carry the service's name and, inside a trace, the trace's and span's ids. */
export function createLogger(
  name: string,
  { logLevel, pretty }: TelemetryConfig,
): FastifyBaseLogger {
  return pino({
    level: logLevel,
    base: { service: name },
    redact: ['req.headers.authorization', 'req.headers.cookie'],
    mixin: traceIds,
    ...(pretty
      ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }
      : {}),
  });
}

function traceIds(): object {
  const span = trace.getSpanContext(context.active());
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
