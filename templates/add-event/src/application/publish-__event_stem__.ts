import type { z } from 'zod';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import { newEvent } from '../events/event.ts';
import event from '../events/schemas/__event_file__.ts';

/**
 * Publishes the event "__event_words__" when the unit of work succeeds, and nothing when it fails.
 *
 * @param subject the id of what the event is about.
 * @param version its version after the change, by which consumers recognise an event that is out of date.
 * @throws ZodError when the data does not fit the event's schema.
 */
export function publish__Event__(
  work: UnitOfWork,
  subject: string,
  data: z.infer<typeof event.data>,
  version: number,
): Promise<void> {
  return work.publish(newEvent(event, subject, data, version));
}
