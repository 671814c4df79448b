import type { NodePlopAPI } from 'plop';
import { additions } from '../../generators/additions.ts';
import { addServiceGenerator } from '../../generators/service.ts';
import { addAdditionGenerator } from './addition-for-plop.ts';

/** What `plop.load('create-service')` adds to a person's own plopfile. */
export default function plopfile(plop: NodePlopAPI): void {
  addServiceGenerator(plop);
  for (const addition of additions) addAdditionGenerator(plop, addition);
  plop.setDefaultInclude({ generators: true });
}
