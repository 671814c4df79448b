import { context, propagation } from '@opentelemetry/api';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

/**
 * A CloudEvents 1.0 envelope. Written out here instead of taken from a library: it is eight
 * attributes, and the schema checks what comes in as well.
 */
export const cloudEventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  /** The aggregate's id; also the key that keeps its events in order. */
  subject: z.string().min(1),
  time: z.iso.datetime({ offset: true }).optional(),
  /** Events of this service are JSON; what others send may be of another type, with a text for its data. */
  datacontenttype: z.string().default('application/json'),
  /** W3C Trace Context, the CloudEvents extension for distributed tracing. */
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
  /** The CloudEvents extension for order: the aggregate's version, which can be compared as text. */
  sequence: z.string().optional(),
  data: z.unknown().optional(),
});

export type CloudEvent = z.infer<typeof cloudEventSchema>;

/** As many digits as the largest version that a database keeps has. */
const sequenceDigits = 10;

/** One type of event: its versioned name, and the schema of its data. */
export interface EventDefinition<Data> {
  readonly type: string;
  /** The topic that carries it, where that is not one of its own, named as the type is. */
  readonly topic?: string;
  readonly data: z.ZodType<Data>;
  /** Of an event with this service's name that only others publish, such as a request to it. */
  readonly receivedOnly?: boolean;
}

/** Declares an event type; the default export of a file in `schemas/`. */
export function defineEvent<Data>(definition: EventDefinition<Data>): EventDefinition<Data> {
  return definition;
}

/**
 * Makes an event of one service, inside the current trace.
 *
 * @param subject the aggregate's id.
 * @param version the aggregate's version after the change, by which consumers can tell what is stale.
 * @throws ZodError when the data does not fit its schema.
 */
export type NewEvent = <Data>(
  definition: EventDefinition<Data>,
  subject: string,
  data: Data,
  version?: number,
) => CloudEvent;

/** Returns what makes the events of a service. @param service its name, which is the events' source. */
export function eventsFrom(service: string): NewEvent {
  return (definition, subject, data, version) => {
    const trace: { traceparent?: string; tracestate?: string } = {};
    propagation.inject(context.active(), trace);
    return {
      specversion: '1.0',
      id: uuidv7(),
      source: `/${service}`,
      type: definition.type,
      subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      ...(version === undefined ? {} : { sequence: `${version}`.padStart(sequenceDigits, '0') }),
      ...trace,
      data: definition.data.parse(data),
    };
  };
}
