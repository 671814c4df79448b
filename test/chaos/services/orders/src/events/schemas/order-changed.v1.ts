import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** One was changed, and is now of that version. */
export default defineEvent({
  type: 'orders.order-changed.v1',
  data: z.object({ id: z.uuid(), version: z.number().int(), padding: z.string() }),
});
