import type { z } from 'zod';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import { newEvent } from '../events/event.ts';
import event from '../events/schemas/__event_file__.ts';

/**
 * Says "__event_words__", inside the caller's unit of work: nobody hears of work that fails.
 *
 * @param subject the aggregate's id.
 * @param version the aggregate's version after the change, by which consumers can tell what is stale.
 * @throws ZodError when the data does not fit its schema.
 */
export function publish__Event__(
  work: UnitOfWork,
  subject: string,
  data: z.infer<typeof event.data>,
  version?: number,
): Promise<void> {
  return work.publish(newEvent(event, subject, data, version));
}
