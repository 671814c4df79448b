import type { Composition } from '../layers.ts';
import { importStatements } from './imports.ts';
import { laidOut } from './layout.ts';

/** `development/stand-ins.ts`: what stands in for servers in development and tests, one a line. */
export function standInsSource(compositions: readonly Composition[]): string {
  const standIns = compositions.flatMap((composition) => composition.standIns ?? []);
  const imports = importStatements(standIns.flatMap(({ imports = [] }) => imports));
  const lines = standIns.map(({ name, value }) => laidOut(`  ${name}: `, value, ','));
  return `${imports}${imports === '' ? '' : '\n'}/** What stands in for servers in \`dev\` and in tests, where the environment does not name the real ones. */
export const standIns = {${lines.length === 0 ? '' : '\n'}${lines.join('')}};
`;
}
