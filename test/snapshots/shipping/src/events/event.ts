import { eventsFrom } from 'service-chassis/events';
import { serviceInfo } from '../service-info.ts';

/** Makes an event of this service, inside the current trace. */
export const newEvent = eventsFrom(serviceInfo.name);
