import type { MergeInput } from '../service-plan.ts';
import { json } from './package-json.ts';

/**
 * `service.json`: what the service is, and which generator made it from which answers. The service
 * reads its own name and description from it, so they are data there and nowhere source code.
 */
export function serviceJson({ answers, context }: MergeInput): string {
  const { name, description, ...choices } = answers;
  return json({
    name,
    description,
    ...choices,
    generator: { name: 'create-service', version: context.generatorVersion },
  });
}
