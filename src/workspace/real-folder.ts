import fs from 'node:fs';
import path from 'node:path';
import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';

/** The true path of a folder that a person named. @throws BadInputError when it is not there. */
export function realFolder(cwd: string): string {
  const folder = path.resolve(cwd);
  const stats = fs.statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return fs.realpathSync(folder);
  throw new BadInputError(
    `${quoted(cwd)} is not a folder${stats === undefined ? ' that exists' : ''}.`,
    'give an existing folder to --cwd',
  );
}
