import type { EventDefinition } from './event.ts';

/** Returns the topic that carries a type of event. */
export type TopicOf = (type: string) => string;

/** A type of which nothing else is said has a topic of its own, named as it is. */
export function topicsOf(schemas: readonly EventDefinition<unknown>[]): TopicOf {
  const told = new Map(schemas.map(({ type, topic }) => [type, topic]));
  return (type) => told.get(type) ?? type;
}

/**
 * Puts all events of a service into one topic, `orders.events`: the events of one aggregate then keep their
 * order whatever their types are, and whoever wants one type of them gets all, and passes over the others.
 *
 * @param service its name, with which the names of its types begin.
 */
export function inOneTopic(
  service: string,
  schemas: readonly EventDefinition<unknown>[],
): EventDefinition<unknown>[] {
  const isOwn = ({ type }: { type: string }): boolean => type.startsWith(`${service}.`);
  return schemas.map((schema) =>
    isOwn(schema) ? { ...schema, topic: `${service}.events` } : schema,
  );
}
