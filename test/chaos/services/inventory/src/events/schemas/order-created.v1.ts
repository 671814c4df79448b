import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** As orders publishes it. */
export default defineEvent({
  type: 'orders.order-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
