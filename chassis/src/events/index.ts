export { describeEvents } from './async-api.ts';
export { type Body, bodyBytes, bodyFrom } from './bus/body.ts';
export type { DeadLetterStore, EventBus, Message, Outcome, Topics } from './bus/bus.ts';
export type { BusConfig, BusOptions } from './bus/bus-options.ts';
export { Lanes } from './bus/lanes.ts';
export {
  bytesOf,
  expectConfirmed,
  mayBeMended,
  Outcomes,
  RefusedMessageError,
} from './bus/outcomes.ts';
export { partitionOf } from './bus/partitions.ts';
export { tlsFrom, tlsVariables } from './bus/tls.ts';
export { type Hello, Turns } from './bus/turns.ts';
export { type EventsConfig, type EventsDefaults, eventsConfig } from './config.ts';
export type { EventsDatastore } from './datastore.ts';
export { type DeadLetter, DeadLetters } from './dead-letters.ts';
export { dlq } from './dlq.ts';
export {
  type CloudEvent,
  cloudEventSchema,
  defineEvent,
  type EventDefinition,
  eventsFrom,
  type NewEvent,
} from './event.ts';
export type { Fault } from './fault.ts';
export { findHandlers, findSchemas } from './find.ts';
export {
  type AnyHandler,
  defineHandler,
  type Handler,
  type HandlerContext,
  type Handling,
  InvalidEventDataError,
  type PrepareContext,
  type PreparedContext,
  type PreparingHandler,
  type ReadyHandler,
  type UnpreparedHandler,
} from './handler.ts';
export { type EventMessage, eventOf, messageOf } from './message.ts';
export { EventTooLargeError, outgoing, type Publish } from './outgoing.ts';
export { type OwnTopics, ownTopicsOf } from './own-topics.ts';
export { type Events, type EventsOptions, registerEvents } from './register-events.ts';
export { inOneTopic, type TopicOf, topicsOf } from './topics.ts';
