import { recordOf } from '../generator-record.ts';
import type { Fragment } from '../layers.ts';
import { jsonText } from './json.ts';
import type { MergeInput } from './merge-input.ts';
import type { EventRow } from './readme-table.ts';

/** The layout of a `service.json`. */
const serviceJsonLayout = { indent: '  ', lists: 'fitted' } as const;

/**
 * `service.json`: what the service is, what it publishes and handles, and which generator made it
 * from which answers. It is read by tools, and by no running service.
 */
export function serviceJson({ answers, context, fragments }: MergeInput): string {
  const { name, description, ...choices } = answers;
  const events = eventsOf(fragments);
  const service = {
    name,
    description,
    ...choices,
    ...(events === undefined ? {} : { events }),
    ...forwardingOf(fragments),
    generator: recordOf(context),
  };
  return jsonText(service, serviceJsonLayout);
}

/** The events of the layers themselves, as rows of the README's table. */
export function eventRows(fragments: readonly Fragment[]): readonly EventRow[] {
  const { publishes = [], handles = [] } = eventsOf(fragments) ?? {};
  return [
    ...publishes.map((type) => ({ type, direction: 'published' as const })),
    ...handles.map((type) => ({ type, direction: 'handled' as const })),
  ];
}

function eventsOf(fragments: readonly Fragment[]) {
  const parts = fragments.flatMap(({ manifest }) => manifest ?? []);
  if (parts.every(({ publishes, handles }) => (publishes ?? handles) === undefined))
    return undefined;
  return {
    publishes: parts.flatMap(({ publishes = [] }) => publishes),
    handles: parts.flatMap(({ handles = [] }) => handles),
  };
}

/** What a gateway forwards, and to whom. */
function forwardingOf(fragments: readonly Fragment[]) {
  const parts = fragments.flatMap(({ manifest }) => manifest ?? []);
  const calls = parts.flatMap((part) => part.calls ?? []);
  return parts.some(({ routes }) => routes !== undefined)
    ? { calls, routes: parts.flatMap(({ routes = [] }) => routes) }
    : {};
}
