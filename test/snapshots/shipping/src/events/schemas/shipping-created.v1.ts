import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** A shipping was created. */
export default defineEvent({
  type: 'shipping.shipping-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
