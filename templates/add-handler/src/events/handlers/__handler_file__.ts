import { defineHandler } from '../handler.ts';
import __event__Event from '../schemas/__event_file__.ts';

/** Logs that the event was received. Replace this with what the service does about the event. */
export default defineHandler({
  event: __event__Event,
  handle: async (_data, _work, { log }) => {
    log.info('__event_words__');
  },
});
