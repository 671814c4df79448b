/** What the process exits with. 0 is done; these are the rest of the contract. */
export type ExitCode = 1 | 2 | 130;

/**
 * The one base of every failure that a person may see: a stable code for scripts,
 * a sentence that says what was wrong, and a hint that says what to type instead.
 */
export class CreateServiceError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, options: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** An argument, an answer or an answers file that cannot be used; nothing was touched. */
export class BadInputError extends CreateServiceError {
  constructor(message: string, hint?: string) {
    super('BAD_INPUT', message, { exitCode: 2, ...(hint === undefined ? {} : { hint }) });
  }
}

/** Something already stands where the service should go; nothing was touched. */
export class TargetConflictError extends CreateServiceError {
  constructor(message: string, hint?: string) {
    super('TARGET_CONFLICT', message, hint === undefined ? {} : { hint });
  }
}

/** A file that a person has changed in such a way that the change of the plans cannot be brought in. */
export interface MergeConflict {
  readonly path: string;
  readonly reason: string;
  /** The change that is wanted in it. */
  readonly before: string;
  readonly after: string;
}

/** A person's changes stand where the change is needed; nothing was touched. */
export class MergeConflictError extends TargetConflictError {
  readonly conflicts: readonly MergeConflict[];

  /** @param what says what could not be done, as the first half of a sentence. */
  constructor(what: string, conflicts: readonly MergeConflict[], hint: string) {
    const list = conflicts.map(({ path, reason }) => `  ${path}: ${reason}`);
    super(`${what}, and nothing was changed. In the way:\n${list.join('\n')}`, hint);
    this.conflicts = conflicts;
  }
}

/** The disk refused (full, read-only, no permission); what was there before is there again. */
export class WriteFailedError extends CreateServiceError {
  constructor(message: string, hint?: string) {
    super('WRITE_FAILED', message, hint === undefined ? {} : { hint });
  }
}

/** The person changed their mind (Ctrl-C, SIGTERM). */
export class InterruptedError extends CreateServiceError {
  constructor() {
    super('INTERRUPTED', 'Interrupted; nothing was changed.', { exitCode: 130 });
  }
}

/** The message of anything thrown, for a sentence that a person reads. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's error code (`ENOSPC`, `EACCES`, …), when it has one. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
