import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import type { Delivery, EventBus } from './bus.ts';
import { inConsumerSpan } from './consumer-span.ts';
import { deadLetter } from './dead-letter.ts';
import { cloudEventSchema } from './event.ts';
import type { AnyHandler } from './handler.ts';
import type { EventMetrics } from './metrics.ts';
import { canHandle, handleOnce } from './once.ts';

const attempts = 4;
const firstPauseMs = 100;

/** The event cannot be handled now, through no fault of its own; it has to come again. */
class NotNowError extends Error {
  override readonly name = 'NotNowError';
}

/**
 * Makes what the bus calls for each delivery. It resolves when the event is dealt with: handled, or
 * given up and safe in its dead-letter topic. It rejects when the event has to come again, because
 * the service's own database is away or not even the dead letter could be published.
 */
export function consumer(
  app: FastifyInstance,
  bus: EventBus,
  handlers: readonly AnyHandler[],
  metrics: EventMetrics,
): (delivery: Delivery) => Promise<void> {
  const byType = new Map(handlers.map((handler) => [handler.type, handler]));

  async function handleWithRetries(delivery: Delivery, countAttempt: () => number): Promise<void> {
    const event = cloudEventSchema.parse(JSON.parse(delivery.body));
    const handler = byType.get(event.type);
    if (handler === undefined) throw new Error(`there is no handler for ${event.type}`);
    const context = { event, log: app.log.child({ type: event.type, id: event.id }) };
    while (true) {
      const made = countAttempt();
      try {
        return await inConsumerSpan(event, () => handleOnce(app, handler, context));
      } catch (error) {
        if (!(await canHandle(app)))
          throw new NotNowError('the database is away', { cause: error });
        if (made === attempts || error instanceof ZodError) throw error;
        app.log.warn(
          { err: error, type: event.type, id: event.id, attempt: made },
          'handler failed',
        );
        metrics.retried.inc({ type: event.type });
        // Exponential with full jitter, so that handlers that fail together do not retry together.
        await delay(Math.random() * firstPauseMs * 4 ** made);
      }
    }
  }

  return async (delivery) => {
    const { type } = delivery;
    let made = 0;
    try {
      await handleWithRetries(delivery, () => ++made);
      metrics.handled.inc({ type });
    } catch (error) {
      if (error instanceof NotNowError) throw error;
      app.log.error({ err: error, type, attempts: made }, 'event goes to its dead-letter topic');
      await bus.publish([deadLetter(delivery, error, made)]);
      metrics.deadLettered.inc({ type });
    }
  };
}
