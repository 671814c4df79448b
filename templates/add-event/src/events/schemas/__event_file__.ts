import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** The event "__event_words__". Consumers rely on its data: another shape is another version. */
export default defineEvent({
  type: '__event_type__',
  data: z.object({ id: z.uuid() }),
});
