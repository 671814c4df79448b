/** Another write changed or removed it after the writer had read it; nothing was written. Over HTTP: 409. */
export class VersionConflictError extends Error {
  override readonly name = 'VersionConflictError';
  readonly statusCode = 409;

  constructor(id: string) {
    super(`Another write to ${id} came in between.`);
  }
}
