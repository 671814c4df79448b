import { z } from 'zod';
import { defineEvent } from '../event.ts';

/** Published when this has happened: __event_words__. */
export default defineEvent({
  type: '__event_type__',
  data: z.object({ id: z.uuid() }),
});
