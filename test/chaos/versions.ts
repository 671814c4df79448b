import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { cliFile, packageRoot, startedByNpm } from '../support/cli.ts';

/**
 * Which code a service runs: this checkout's; that of the version before, as it was packed; or that
 * version with a header, a column and a field of dead letters that nobody else knows.
 */
export const versions = ['current', 'old', 'changed'] as const;
export type Version = (typeof versions)[number];

const oldPackage = path.join(
  packageRoot,
  'test/fixtures/versions/create-service-0.1.0-before-promises.tgz',
);

/** What is emitted, and what a person in a hurry would change of it. */
interface Emission {
  readonly root: string;
  readonly name: string;
  readonly flags: readonly string[];
  /** A `node_modules` with everything that a service of any version needs. */
  readonly dependencies: string;
}

/** Emits a service by the code of that version, and returns its folder. */
export async function emitVersion(
  version: Version,
  { root, name, flags, dependencies }: Emission,
): Promise<string> {
  const cwd = path.join(root, version);
  await fs.mkdir(cwd, { recursive: true });
  const args = [name, '--yes', ...flags, '--cwd', cwd, '--no-install', '--no-git'];
  const program = version === 'current' ? cliFile : await unpackedProgram(root);
  await execa(process.execPath, [program, ...args], { stdin: 'ignore', env: startedByNpm });
  const folder = path.join(cwd, name);
  await fs.symlink(dependencies, path.join(folder, 'node_modules'));
  if (version === 'changed') await changeFormats(folder);
  return folder;
}

async function unpackedProgram(root: string): Promise<string> {
  const folder = path.join(root, 'create-service-old');
  const program = path.join(folder, 'package/dist/cli.cjs');
  await fs.mkdir(folder, { recursive: true });
  await execa('tar', ['-xzf', oldPackage, '-C', folder]);
  return program;
}

/** As a version would that has more to say: whoever does not know it must leave it alone. */
async function changeFormats(folder: string): Promise<void> {
  await replaceIn(
    path.join(folder, 'src/events/event.ts'),
    "specversion: '1.0',\n    id: uuidv7(),",
    "specversion: '1.0',\n    unheardof: 'extension',\n    id: uuidv7(),",
  );
  await replaceIn(
    path.join(folder, 'src/events/message.ts'),
    'const structuredHeaders = {',
    "const structuredHeaders = { 'x-unheard-of': 'header',",
  );
  await replaceIn(
    path.join(folder, 'src/events/dead-letter.ts'),
    '      attempts,\n',
    "      attempts,\n      unheardOf: { field: 'of a letter' },\n",
  );
}

async function replaceIn(file: string, from: string, to: string): Promise<void> {
  const text = await fs.readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await fs.writeFile(file, text.replace(from, to));
}

/** So that code starts on a schema that a later version has migrated, as that of a rollback must. */
export async function copyMigrations(from: string, to: string): Promise<void> {
  const folder = 'src/database/migrations';
  await fs.cp(path.join(from, folder), path.join(to, folder), { recursive: true });
}
