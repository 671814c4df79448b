import { NamedError } from '../copies/index.ts';

/** There is no server to stand in; the message is a sentence that says what to install or to set. */
export class NoServerError extends NamedError {
  override readonly name = 'NoServerError';
}
