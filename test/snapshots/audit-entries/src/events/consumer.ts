import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import type { Delivery, EventBus } from './bus.ts';
import { deadLetter } from './dead-letter.ts';
import { type CloudEvent, cloudEventSchema } from './event.ts';
import type { AnyHandler } from './handler.ts';
import type { EventMetrics } from './metrics.ts';
import { handleOnce } from './once.ts';

const attempts = 4;
const firstPauseMs = 100;

/**
 * Makes what the bus calls for each delivery. It resolves when the event is dealt with: handled, or
 * given up and safe in its dead-letter topic. It rejects only when not even that worked, so that the
 * event comes again.
 */
export function consumer(
  app: FastifyInstance,
  bus: EventBus,
  handlers: readonly AnyHandler[],
  metrics: EventMetrics,
): (delivery: Delivery) => Promise<void> {
  const byType = new Map(handlers.map((handler) => [handler.type, handler]));
  return async (delivery) => {
    const type = delivery.type;
    let made = 0;
    try {
      const event = cloudEventSchema.parse(JSON.parse(delivery.body));
      const handler = byType.get(event.type);
      if (handler === undefined) throw new SyntaxError(`no handler for type ${event.type}`);
      for (made = 1; ; made += 1) {
        try {
          await inSpan(event, () => handleOnce(app, event, handler));
          metrics.handled.inc({ type });
          return;
        } catch (error) {
          if (made === attempts || error instanceof ZodError) throw error;
          app.log.warn({ err: error, type, id: event.id, attempt: made }, 'handler failed');
          metrics.retried.inc({ type });
          // Exponential with full jitter, so that handlers that fail together do not retry together.
          await delay(Math.random() * firstPauseMs * 4 ** made);
        }
      }
    } catch (error) {
      app.log.error({ err: error, type, attempts: made }, 'event goes to its dead-letter topic');
      await bus.publish([deadLetter(delivery, error, made)]);
      metrics.deadLettered.inc({ type });
    }
  };
}

/** Runs a handler in a span that continues the trace of the event's publisher. */
async function inSpan(event: CloudEvent, run: () => Promise<void>): Promise<void> {
  const parent = propagation.extract(context.active(), { traceparent: event.traceparent });
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
