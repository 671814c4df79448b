import type { UnitOfWork } from '../database/unit-of-work.ts';
import { open__Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import { newEvent } from '../events/event.ts';
import createdEvent from '../events/schemas/__aggregate_kebab__-created.v1.ts';

/** What a caller gives to create __an_aggregate__. */
export interface New__Aggregate__ {
  readonly reference: string;
  /** Set by a caller that may repeat its call and must not create a second __aggregate_words__. */
  readonly id?: string;
}

/** Creates __an_aggregate__ and publishes the event about it, both within the unit of work. */
export async function create__Aggregate__(work: UnitOfWork, { reference, id }: New__Aggregate__) {
  const __aggregate__ = open__Aggregate__(reference, new Date(), id);
  await work.repository.insert(__aggregate__);
  const data = { id: __aggregate__.id, reference };
  await work.publish(newEvent(createdEvent, data.id, data, __aggregate__.version));
  return __aggregate__;
}
