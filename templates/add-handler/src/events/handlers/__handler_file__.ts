import { defineHandler } from 'service-chassis/events';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import __event__Event from '../schemas/__event_file__.ts';

/** Logs that the event was received. Replace this with what the service does about the event. */
export default defineHandler({
  event: __event__Event,
  apply: async (_data, _work: UnitOfWork, { log }) => {
    log.info('__event_words__');
  },
});
