import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from './find-service.ts';

/** What becomes of a service, complete before the disk is touched. */
export interface ServiceChange {
  readonly service: Service;
  /** What the service does, or has, then, after its name. */
  readonly does: string;
  /** Files that are new or change, sorted by path. */
  readonly files: readonly PlannedFile[];
  /** Paths of the files that go, sorted. */
  readonly removed: readonly string[];
  /** What a person should know, in sentences. */
  readonly notes: readonly string[];
}
