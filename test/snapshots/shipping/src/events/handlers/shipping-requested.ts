import { defineHandler } from 'service-chassis/events';
import { createShipping } from '../../application/create-shipping.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import requestedEvent from '../schemas/shipping-requested.v1.ts';

/** Creates the shipping that another service requests. */
export default defineHandler({
  event: requestedEvent,
  apply: async (data, work: UnitOfWork) => {
    await createShipping(work, data);
  },
});
