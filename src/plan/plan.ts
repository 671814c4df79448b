import type { Answers } from '../answers/choices.ts';

/** A file that a plan wants to be there. */
export interface PlannedFile {
  /** Relative to the service's folder, with `/` on every system. */
  readonly path: string;
  readonly contents: string;
}

/** What will be written, complete before anything touches the disk. */
export interface Plan {
  readonly answers: Answers;
  /** Sorted by path. */
  readonly files: readonly PlannedFile[];
}

/** What an emitted service depends on besides the answers. */
export interface PlanContext {
  /** The package manager whose commands the README and scripts name. */
  readonly packageManager: string;
  /** Emit `node` as a development dependency, because the host's own Node is too old to run the service. */
  readonly bundleNode: boolean;
  /** This generator's version, recorded in `service.json`. */
  readonly generatorVersion: string;
}
