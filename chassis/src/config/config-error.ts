import { NamedError } from '../copies/index.ts';

/** Every variable that is missing or wrong, in one error. Values are not repeated: some are secret. */
export class ConfigError extends NamedError {
  override readonly name = 'ConfigError';

  /** @param faults a sentence each, beginning with the variable's name. */
  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}
