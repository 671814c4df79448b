import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** An event of __publisher__. Its data is listed here as far as this service needs it; the rest is let through. */
export default defineEvent({
  type: '__event_type__',
  data: z.looseObject({}),
});
