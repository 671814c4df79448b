import { isPackageManager, type PackageManager, startedBy } from '../base/package-manager.ts';
import type { Destination } from '../create/create-service.ts';
import type { Service } from '../service/find-service.ts';
import type { Finish } from './finish.ts';
import type { Terminal } from './terminal.ts';

/** Installs the dependencies of a service that is there already, by its own package manager. */
export async function installInService(
  service: Service,
  { signal, errors }: Terminal,
): Promise<Omit<Finish, 'git'>> {
  const { installDependencies } = await import('./finish.ts');
  return installDependencies(placeOf(service), managerOf(service), { signal, style: errors });
}

/** Where it lies, and whether a workspace's lockfile is its own. */
function placeOf({ folder, manifest }: Service): Pick<Destination, 'folder' | 'memberPath'> {
  const { workspacePath } = manifest.generator;
  return { folder, ...(typeof workspacePath === 'string' ? { memberPath: workspacePath } : {}) };
}

/** The package manager that the service was made for. */
export function managerOf({ manifest }: Service): PackageManager {
  const recorded = manifest.generator.packageManager;
  return typeof recorded === 'string' && isPackageManager(recorded)
    ? recorded
    : startedBy(process.env).name;
}
