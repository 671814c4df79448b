import type { ServiceChange } from '../service/service-change.ts';
import { applyPlan } from './apply.ts';

/** Carries a planned change of a service out, all or nothing. */
export function applyChange({ service, files, removed }: ServiceChange): void {
  const { folder, tree } = service;
  applyPlan({ files, removed }, { folder, overwrite: true, former: tree.read });
}
