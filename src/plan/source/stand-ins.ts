import type { Composition } from '../layers.ts';
import { importStatements } from './imports.ts';
import { laidOut } from './layout.ts';

/** `development/stand-ins.ts`: what stands in for servers in development and tests, one a line. */
export function standInsSource(compositions: readonly Composition[]): string {
  const standIns = compositions.flatMap((composition) => composition.standIns ?? []);
  const imports = importStatements(standIns.flatMap(({ imports = [] }) => imports));
  const lines = standIns.map(({ name, value }) => laidOut(`  ${name}: `, value, ','));
  // The comment comes first, so that an import may be added above all others beside a line by hand.
  return `// What stands in for servers in \`dev\` and in tests, where the environment does not name the real ones.

${imports}${imports === '' ? '' : '\n'}export const standIns = {${lines.length === 0 ? '' : '\n'}${lines.join('')}};
`;
}
