/** Another service answered with what its document does not say. To a caller of this one that is 502. */
export class InvalidAnswerError extends Error {
  override readonly name = 'InvalidAnswerError';
  readonly statusCode = 502;

  /** @param found what is wrong with the answer; its values are not repeated. */
  constructor(operation: { readonly method: string; readonly path: string }, found: string) {
    super(`${operation.method} ${operation.path} was not answered as its document says: ${found}`);
  }
}
