import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** Published when this has happened: __event_words__. */
export default defineEvent({
  type: '__event_type__',
  data: z.object({ id: z.uuid() }),
});
