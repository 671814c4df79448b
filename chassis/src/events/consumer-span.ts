import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { CloudEvent } from './event.ts';

/**
 * Runs a step of a handler in a span that continues the trace of the event's publisher.
 *
 * @param step begins the span's name: `prepare`, or `process` for what is done in the transaction.
 */
export async function inConsumerSpan<T>(
  step: 'prepare' | 'process',
  event: CloudEvent,
  run: () => Promise<T>,
): Promise<T> {
  const { traceparent, tracestate } = event;
  const parent = propagation.extract(context.active(), { traceparent, tracestate });
  const span = trace.getTracer('events').startSpan(
    `${step} ${event.type}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: { 'messaging.destination.name': event.type, 'messaging.message.id': event.id },
    },
    parent,
  );
  try {
    return await context.with(trace.setSpan(parent, span), run);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
