import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

/** An event of the service __publisher__. List the data that this service needs; other data is accepted and kept. */
export default defineEvent({
  type: '__event_type__',
  topic: '__publisher__.events',
  data: z.looseObject({}),
});
