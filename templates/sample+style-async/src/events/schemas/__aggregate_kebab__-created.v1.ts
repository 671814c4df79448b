import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** One was created. */
export default defineEvent({
  type: '__service__.__aggregate_kebab__-created.v1',
  data: z.object({ id: z.uuid(), reference: z.string() }),
});
