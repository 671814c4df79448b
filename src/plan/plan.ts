import type { Answers } from '../answers/choices.ts';
import type { PackageManager } from '../base/package-manager.ts';

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
  /** The package manager that the image, CI and README use. */
  readonly packageManager: PackageManager;
  /** Its version on this machine; the catalogue's is named when it is not known or too old. */
  readonly packageManagerVersion?: string;
  /** Path from the root of the workspace whose lockfile and settings are the service's too, with `/`. */
  readonly workspacePath?: string;
  /** Emit `node` as a development dependency, because the host's own Node is too old to run the service. */
  readonly bundleNode: boolean;
  /** This generator's version, recorded in `service.json`. */
  readonly generatorVersion: string;
}
