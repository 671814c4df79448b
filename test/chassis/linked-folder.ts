import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../support/cli.ts';
import { link } from '../support/emitted.ts';

/** A package of these files, which finds what is installed elsewhere. Returns its folder. */
export async function linkedFolder(
  installed: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await temporaryFolder();
  await link(folder, { folder: installed });
  await fs.writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files))
    await fs.writeFile(path.join(folder, name), text);
  return folder;
}
