import { defineHandler } from 'service-chassis/events';
import { create__Aggregate__ } from '../../application/create-__aggregate_kebab__.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import requestedEvent from '../schemas/__aggregate_kebab__-requested.v1.ts';

/** Creates the __aggregate_words__ that another service requests. */
export default defineHandler({
  event: requestedEvent,
  apply: async (data, work: UnitOfWork) => {
    await create__Aggregate__(work, data);
  },
});
