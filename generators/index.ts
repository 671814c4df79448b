import type { NodePlopAPI } from 'plop';
import { addAdditionGenerator } from './addition-for-plop.ts';
import { additions } from './additions.ts';
import { addServiceGenerator } from './service.ts';

/** What `plop.load('create-service')` adds to a person's own plopfile. */
export default function plopfile(plop: NodePlopAPI): void {
  addServiceGenerator(plop);
  for (const addition of additions) addAdditionGenerator(plop, addition);
  plop.setDefaultInclude({ generators: true });
}
