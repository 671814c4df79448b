import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** Written at that time. */
export default defineEvent({
  type: 'orders.order-measured.v1',
  data: z.object({ at: z.number() }),
});
