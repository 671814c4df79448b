import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

/** This generator's version. */
export const generatorVersion: string = manifest.version;

const here = import.meta.dirname;

/** The folder of this package: the parent of `src` when run from source, of `dist` when bundled. */
export const packageFolder = path.resolve(here, path.basename(here) === 'dist' ? '..' : '../..');
