import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { cliFile, packageRoot, startedByNpm } from '../support/cli.ts';
import { link } from '../support/emitted.ts';

/**
 * Which code a service runs: this checkout's; that of the version before, as it was packed; that version
 * with a header, a column and a field of dead letters that nobody else knows; this checkout's with limits
 * that need not add up, so that attempts are given up while their statements wait; or that, without the
 * fence around units of work that are given up.
 */
export const versions = ['current', 'old', 'changed', 'impatient', 'unfenced'] as const;
export type Version = (typeof versions)[number];

/** Whether it is made from a copy of the chassis that lacks something: it is run by itself, never beside others. */
export const lacksSomething = (version: Version): boolean =>
  version === 'impatient' || version === 'unfenced';

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
  const isOfNow = version === 'current' || lacksSomething(version);
  const program = isOfNow ? cliFile : await unpackedProgram(root);
  await execa(process.execPath, [program, ...args], { stdin: 'ignore', env: startedByNpm });
  const folder = path.join(cwd, name);
  if (lacksSomething(version)) await linkWithOwnChassis(folder, dependencies);
  else await fs.symlink(dependencies, path.join(folder, 'node_modules'));
  if (version === 'changed') await changeFormats(folder);
  if (lacksSomething(version)) await takeBudgetsAway(folder);
  if (version === 'unfenced') await takeFenceAway(folder);
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

/** As an installation would, but for the chassis, which is a copy that can be changed. */
async function linkWithOwnChassis(folder: string, dependencies: string): Promise<void> {
  const own = path.join(folder, 'node_modules');
  await link(folder, { folder: dependencies });
  await fs.rm(path.join(own, chassis));
  await fs.cp(path.join(dependencies, chassis), path.join(own, chassis), { recursive: true });
}

const chassis = 'service-chassis';

/** It starts with limits that contradict each other. */
async function takeBudgetsAway(folder: string): Promise<void> {
  const file = path.join(folder, 'node_modules', chassis, 'dist/config/read-config.js');
  await replaceIn(file, 'budgetsOf(parts, config).filter(', '[].filter(');
}

/**
 * Statements and events of a unit of work that is over are let through, and none that is under way is cut off: in
 * this one copy, so that no service has a switch for it.
 */
async function takeFenceAway(folder: string): Promise<void> {
  const relational = path.join(folder, 'node_modules', chassis, 'dist/relational');
  const fence = path.join(relational, 'fence.js');
  await replaceIn(fence, /if \(this\.#isOver\)\s+throw new UnitOfWorkClosedError\(\);/, '');
  await replaceIn(fence, /if \(this\.#underWay\.size === 0\)\s+return;/, 'return;');
  const pending = path.join(relational, 'pending-events.js');
  await replaceIn(
    pending,
    /if \(this\.#isClosed \|\| this\.#signal\.aborted\)\s+throw new UnitOfWorkClosedError\(\);/,
    '',
  );
}

async function replaceIn(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await fs.readFile(file, 'utf8');
  const replaced = text.replace(from, to);
  if (replaced === text) throw new Error(`${file} does not hold ${from}`);
  await fs.writeFile(file, replaced);
}

/** What the version before calls what is there under another name now. */
const formerNames: readonly (readonly [RegExp, string])[] = [
  [/application\/create-\w+\.ts/g, 'application/create.ts'],
  [/\bcreate(?:Order|Inventory)\b/g, 'create'],
  [/\bopenOrder\b/g, 'open'],
  [/\bchangeOrder\b/g, 'revise'],
  [/\bapply: async\b/g, 'handle: async'],
  [/(?<=defineHandler \} from )'service-chassis\/events'/g, "'../handler.ts'"],
];

/** Has files that were added to a service of the version before call things by the names that it has. */
export async function useFormerNames(folder: string, added: string): Promise<void> {
  const files = (await fs.readdir(added, { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  for (const file of files) {
    const place = path.join(folder, file);
    const text = await fs.readFile(place, 'utf8');
    const former = formerNames.reduce((now, [from, to]) => now.replace(from, to), text);
    await fs.writeFile(place, former);
  }
}

/** So that code starts on a schema that a later version has migrated, as that of a rollback must. */
export async function copyMigrations(from: string, to: string): Promise<void> {
  const folder = 'src/database/migrations';
  await fs.cp(path.join(from, folder), path.join(to, folder), { recursive: true });
}
