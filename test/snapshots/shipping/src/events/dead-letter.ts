import { v7 as uuidv7 } from 'uuid';
import { serviceInfo } from '../service-info.ts';
import type { Delivery } from './bus.ts';
import type { CloudEvent } from './event.ts';

/** The topic for what could not be handled of a type. */
export function deadLetterTopic(type: string): string {
  return `${type}.dead-letter`;
}

/** Wraps what came, as it came, with the reason why it could not be handled. */
export function deadLetter(delivery: Delivery, error: unknown, attempts: number): CloudEvent {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: `/${serviceInfo.name}`,
    type: deadLetterTopic(delivery.type),
    subject: serviceInfo.name,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      reason: error instanceof Error ? error.message : String(error),
      stack: error instanceof Error ? error.stack : undefined,
      attempts,
      original: delivery.body,
    },
  };
}
