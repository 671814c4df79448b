import type { NodePlopAPI } from 'plop';
import { addServiceGenerator } from './service.ts';

/** What `plop.load('create-service')` adds to a person's own plopfile. */
export default function plopfile(plop: NodePlopAPI): void {
  addServiceGenerator(plop);
  plop.setDefaultInclude({ generators: true });
}
