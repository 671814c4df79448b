import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** As inventory publishes it. */
export default defineEvent({
  type: 'inventory.inventory-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
