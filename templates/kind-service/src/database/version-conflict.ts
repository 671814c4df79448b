/** Another write changed or removed it after the writer had read it; nothing was written. */
export class VersionConflictError extends Error {
  override readonly name = 'VersionConflictError';

  constructor(id: string) {
    super(`Another write to ${id} came in between.`);
  }
}
