import { inspect } from 'node:util';
import { type CascadeFigures, runCascade } from './cascade.ts';

/** `npm run cascade`: the emitted defaults, and the same load with no policies, side by side. */
const load = { ownRate: 100, chainRate: 40, calm: 15, hanging: 45, dead: 15, recovery: 60 };
const figures: Record<string, CascadeFigures> = {};
for (const [name, policy] of Object.entries({
  'with policies': {},
  'without policies': 'off' as const,
})) {
  console.log(name);
  figures[name] = await runCascade({ ...load, policy, tell: (line) => console.log(`  ${line}`) });
  console.log(inspect(figures[name], { depth: 4, breakLength: 120 }));
}
