import { createShipping } from '../../application/create-shipping.ts';
import { defineHandler } from '../handler.ts';
import requestedEvent from '../schemas/shipping-requested.v1.ts';

/** Creates the shipping that another service requests. */
export default defineHandler({
  event: requestedEvent,
  handle: async (data, work) => {
    await createShipping(work, data);
  },
});
