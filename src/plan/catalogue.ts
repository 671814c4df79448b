import { WriteFailedError } from '../base/errors.ts';

/**
 * The exact version that the templates want of a package.
 *
 * @throws WriteFailedError when their catalogue does not list it.
 */
export function versionIn(catalogue: Readonly<Record<string, string>>, name: string): string {
  const version = catalogue[name];
  if (version !== undefined) return version;
  throw new WriteFailedError(`The templates need ${name}, which their catalogue does not list.`);
}
