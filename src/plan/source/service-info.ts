import type { Answers } from '../../answers/choices.ts';
import { columnsOf, lineWidth, literal } from './layout.ts';

/** `src/service-info.ts`: what the service is called, for whatever of it must say so. */
export function serviceInfo({ name, description }: Answers): string {
  const text = literal(description);
  const fits = columnsOf(`  description: ${text},`) <= lineWidth;
  return `/** What this service is called, as its logs, traces and API documents show it. */
export const serviceInfo = {
  name: '${name}',
  description:${fits ? ' ' : '\n    '}${text},
};
`;
}
