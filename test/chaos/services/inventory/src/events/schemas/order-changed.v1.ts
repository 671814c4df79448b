import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** As orders publishes it. */
export default defineEvent({
  type: 'orders.order-changed.v1',
  data: z.object({ id: z.uuid(), version: z.number().int(), padding: z.string() }),
});
