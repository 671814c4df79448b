import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** As orders publishes it. */
export default defineEvent({
  type: 'orders.order-changed.v1',
  data: z.object({ id: z.uuid(), version: z.number().int(), padding: z.string() }),
});
