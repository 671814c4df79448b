import { type EventType, eventTypeText } from '../answers/event-name.ts';
import { camelCase, pascalCase } from '../answers/naming.ts';

/** The folder of event schemas in every service. */
export const schemaFolder = 'src/events/schemas';

/**
 * The name of an event in files and identifiers: `order-shipped`, and of later versions
 * `order-shipped-v2`, so that two versions can live side by side while consumers move.
 */
export function stemOf({ name, version }: EventType): string {
  return version === 1 ? name : `${name}-v${version}`;
}

/** The file of an event's schema, without its extension: another service's carries the whole type. */
export function schemaStemOf(event: EventType, service: string): string {
  const type = eventTypeText(event);
  return event.publisher === service ? type.slice(service.length + 1) : type;
}

/** What stands for the placeholders of an event in templates. */
export function eventWords(event: EventType, schemaStem: string): Record<string, string> {
  const stem = stemOf(event);
  return {
    __event_type__: eventTypeText(event),
    __event_file__: schemaStem,
    __event_stem__: stem,
    __event_words__: event.name.replaceAll('-', ' '),
    __event__: camelCase(stem),
    __Event__: pascalCase(stem),
    __publisher__: event.publisher,
  };
}
