import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** Another service requests a shipping. */
export default defineEvent({
  type: 'shipping.shipping-requested.v1',
  data: z.object({ reference: z.string().min(1).max(200) }),
  receivedOnly: true,
});
