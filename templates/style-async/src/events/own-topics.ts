import { serviceInfo } from '../service-info.ts';

/** Keeps what this service could not handle, until somebody replays or drops it. */
export const deadLetterTopic = `${serviceInfo.name}.dead-letter`;

/** Brings this service, and nobody else, an event again. */
export const replayTopic = `${serviceInfo.name}.replay`;
