import { faultNames, shuffled } from './faults.ts';

/** What no hand is without: what made events up, and what happens most. */
const always: readonly string[] = [
  "a handler's tables are locked one after the other",
  'an instance is killed',
];
/** What not every system can have: the buses and datastores that can. */
const only: Readonly<Record<string, readonly string[]>> = {
  'partitions are added': ['kafka'],
  "a database's disk is full": ['postgres'],
};

/** Deals the faults out to systems, each to one that can have it, in an order from the seed. */
export function dealt(
  systems: readonly { readonly bus: string; readonly datastore: string }[],
  next: () => number,
): readonly (readonly string[])[] {
  const hands = systems.map(() => [...always]);
  const others = faultNames.filter((name) => !always.includes(name));
  // Those that few can have come first, as long as all hands are as good as empty.
  const [choosy, rest] = [
    others.filter((name) => name in only),
    others.filter((name) => !(name in only)),
  ];
  for (const name of [...choosy, ...shuffled(rest, next)]) {
    const able = systems.flatMap(({ bus, datastore }, index) =>
      (only[name]?.some((one) => one === bus || one === datastore) ?? true)
        ? [hands[index] ?? []]
        : [],
    );
    const [fewest] = able.sort((a, b) => a.length - b.length);
    fewest?.push(name);
  }
  return hands;
}
