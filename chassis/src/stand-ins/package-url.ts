import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { NoServerError } from './no-server-error.ts';

/**
 * Where a package is that only some services have, or only in development.
 *
 * @param service folder of the service, or URL of a module of it.
 * @returns URL to import it by; nothing when it is not installed.
 */
export function findPackage(name: string, service: string): string | undefined {
  try {
    const from = service.startsWith('file:') ? service : path.join(service, 'package.json');
    return pathToFileURL(createRequire(from).resolve(name)).href;
  } catch {
    return undefined;
  }
}

/**
 * Where a package is that a service has for development only: such a one cannot be a peer of the chassis, as
 * npm would install it into the image.
 *
 * @param service URL of a module of the service.
 * @returns URL to import it by.
 * @throws NoServerError
 */
export function packageUrl(name: string, service: string): string {
  const url = findPackage(name, service);
  if (url !== undefined) return url;
  throw new NoServerError(`The package ${name} is not installed: add it to devDependencies.`);
}
