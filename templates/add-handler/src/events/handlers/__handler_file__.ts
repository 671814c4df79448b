import { defineHandler } from '../handler.ts';
import __event__Event from '../schemas/__event_file__.ts';

/** Notes in the log that it came. */
export default defineHandler({
  event: __event__Event,
  handle: async (_data, _work, { log }) => {
    log.info('__event_words__');
  },
});
