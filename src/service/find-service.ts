import path from 'node:path';
import { BadInputError } from '../base/errors.ts';
import { shellWord } from '../base/shell-word.ts';
import { membersOf } from '../workspace/members.ts';
import { parseManifest, type ServiceManifest } from './manifest.ts';
import { type Tree, treeOnDisk } from './tree.ts';

/** A service that create-service made, as it stands on disk now. */
export interface Service {
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: ServiceManifest;
  readonly tree: Tree;
}

/**
 * Finds the service that a folder is in.
 *
 * @throws BadInputError when there is none, naming those that are near.
 */
export async function findService(folder: string): Promise<Service> {
  const found = upwards(folder);
  if (found !== undefined) return found;
  const near = (await membersOf(folder)).flatMap((member) => serviceIn(member) ?? []);
  const paths = near.map((service) => shellWord(path.relative(process.cwd(), service.folder)));
  throw new BadInputError(
    `${folder} is not in a service: there is no service.json in it or above.`,
    paths.length === 0
      ? "run this in the service's folder, or give that folder to --cwd"
      : `add --cwd ${paths[0]}${paths.length > 1 ? ` (or ${paths.slice(1).join(', ')})` : ''}`,
  );
}

function upwards(folder: string): Service | undefined {
  const tree = treeOnDisk(folder);
  const text = tree.read('service.json');
  if (text !== undefined) {
    const manifest = parseManifest(text, path.join(folder, 'service.json'));
    return { folder, manifest, tree };
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : upwards(parent);
}

/** The other services of the same workspace, and those whose folders lie beside. */
export async function neighboursOf({ folder }: Service): Promise<readonly Service[]> {
  const members = await membersOf(path.dirname(folder));
  return members.filter((member) => member !== folder).flatMap((member) => serviceIn(member) ?? []);
}

/** The service in a folder; one that cannot be read, is broken or is not ours, is none. */
function serviceIn(folder: string): Service | undefined {
  try {
    const tree = treeOnDisk(folder);
    const text = tree.read('service.json');
    return text === undefined ? undefined : { folder, manifest: parseManifest(text, folder), tree };
  } catch {
    return undefined;
  }
}
