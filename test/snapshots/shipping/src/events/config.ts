import { eventsConfig } from 'service-chassis/events';
import { defaultConcurrency, takenPerTurn } from './concurrency.ts';

/** How events are handled, whatever bus brings them: `EVENTS_*`. */
export default eventsConfig({ concurrency: defaultConcurrency, takenPerTurn });
