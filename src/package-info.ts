import fs from 'node:fs';
import path from 'node:path';

let found: { folder: string; version: string } | undefined;

/** The folder of this package, whether run from source, from the bundle or from a registry. */
export function packageFolder(): string {
  return packageInfo().folder;
}

/** This generator's version. */
export function generatorVersion(): string {
  return packageInfo().version;
}

function packageInfo(): { folder: string; version: string } {
  found ??= lookUpwards(import.meta.dirname);
  return found;
}

function lookUpwards(folder: string): { folder: string; version: string } {
  const file = path.join(folder, 'package.json');
  if (!fs.existsSync(file)) return lookUpwards(path.dirname(folder));
  const { version } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { folder, version };
}
