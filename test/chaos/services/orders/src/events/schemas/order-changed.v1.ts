import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** One was changed, and is now of that version. */
export default defineEvent({
  type: 'orders.order-changed.v1',
  data: z.object({ id: z.uuid(), version: z.number().int(), padding: z.string() }),
});
