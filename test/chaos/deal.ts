import type { Fault } from './faults/fault.ts';
import { possibleFaults, shuffled, suits } from './faults.ts';

/** What no hand is without: what made events up, and what happens most. */
const always: readonly string[] = [
  "a handler's tables are locked one after the other",
  'an instance is killed',
];

/** Deals the faults out to systems, each to one that can have it, in an order from the seed. */
export function dealt(
  systems: readonly { readonly bus: string; readonly datastore: string }[],
  next: () => number,
): readonly (readonly Fault[])[] {
  const hands = systems.map((system) => ({
    system,
    faults: possibleFaults.filter(({ name }) => always.includes(name)),
  }));
  const others = possibleFaults.filter(({ name }) => !always.includes(name));
  const choosy = others.filter(({ only }) => only !== undefined);
  const rest = others.filter(({ only }) => only === undefined);
  // What few can have comes first, as long as all hands are as good as empty.
  for (const fault of [...choosy, ...shuffled(rest, next)]) {
    const able = hands.filter(({ system }) => suits(fault, system));
    const [fewest] = able.sort((a, b) => a.faults.length - b.faults.length);
    fewest?.faults.push(fault);
  }
  return hands.map(({ faults }) => faults);
}
