import { type EventsConfig, eventsConfig } from 'service-chassis/events';
import type { ConfigPart } from '../config.ts';
import { defaultConcurrency, takenPerTurn } from './concurrency.ts';

declare module '../config.ts' {
  interface Config {
    readonly events: EventsConfig;
  }
}

/** How events are handled, whatever bus brings them: `EVENTS_*`. */
export default eventsConfig({
  concurrency: defaultConcurrency,
  takenPerTurn,
}) satisfies ConfigPart;
