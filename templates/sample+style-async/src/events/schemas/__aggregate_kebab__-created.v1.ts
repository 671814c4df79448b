import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** __An_aggregate__ was created. */
export default defineEvent({
  type: '__service__.__aggregate_kebab__-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
