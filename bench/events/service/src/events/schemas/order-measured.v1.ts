import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** Written at that time. */
export default defineEvent({
  type: 'orders.order-measured.v1',
  data: z.object({ at: z.number() }),
});
