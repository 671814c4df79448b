import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** As inventory publishes it. */
export default defineEvent({
  type: 'inventory.inventory-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
