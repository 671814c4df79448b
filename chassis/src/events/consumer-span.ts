import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { CloudEvent } from './event.ts';

/** Runs a handler in a span that continues the trace of the event's publisher. */
export async function inConsumerSpan(event: CloudEvent, run: () => Promise<void>): Promise<void> {
  const { traceparent, tracestate } = event;
  const parent = propagation.extract(context.active(), { traceparent, tracestate });
  const span = trace.getTracer('events').startSpan(
    `process ${event.type}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: { 'messaging.destination.name': event.type, 'messaging.message.id': event.id },
    },
    parent,
  );
  try {
    await context.with(trace.setSpan(parent, span), run);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
