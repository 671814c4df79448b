import type { Operation } from '../../templates/add-client/development/openapi/document.ts';

/** An operation and what it is called in code. */
export interface NamedOperation {
  readonly name: string;
  /** What its types begin with. */
  readonly typeName: string;
  readonly operation: Operation;
}
