import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** Another service requests __an_aggregate__. */
export default defineEvent({
  type: '__service__.__aggregate_kebab__-requested.v1',
  data: z.object({ reference: z.string().min(1).max(200) }),
  receivedOnly: true,
});
