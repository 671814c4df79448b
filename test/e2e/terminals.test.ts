import fs from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { keys, terminal } from '../support/terminal.ts';

const quick = ['orders', '--yes', '--no-install', '--no-git'];

/** A line that is wider than the terminal though it has a place to break: neither one word nor one command. */
function isTooWide(line: string, columns: number): boolean {
  const text = line.trimStart();
  const isCommand = /^(npm|cd|create-service|--[a-z])/.test(text) && !text.includes('  ');
  return line.length > columns && text.includes(' ') && !isCommand;
}

const situations: [string, string[]][] = [
  ['the help', ['--help']],
  ['a summary', quick],
  ['a warning', ['order-service', '--yes', '--no-install', '--no-git']],
  ['a refused name', ['Order Items', '--yes']],
  ['a refused flag', ['orders', '--stile', 'sync']],
  ['a failed installation', ['orders', '--yes', '--no-git', '--package-manager', 'bun']],
  ['a dry run', ['orders', '--yes', '--dry-run', '--diff']],
];

for (const columns of [20, 40, 80]) {
  test.each(situations)(`%s fits into ${columns} columns`, async (_, args) => {
    const cwd = await temporaryFolder();
    const person = terminal(cwd, args, { columns, env: { PATH: '/nowhere' } });
    const lines = stripVTControlCharacters(await person.output()).split(/\r?\n|\r/);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => isTooWide(line, columns))).toEqual([]);
  });
}

test.each([20, 40, 80])(
  'a question breaks between words in %i columns, and once answered is short',
  async (columns) => {
    const person = terminal(await temporaryFolder(), [], { columns });
    await person.see('(orders)');
    person.type('tours\r');
    await person.see('gateway');
    person.type(keys.controlC);
    const said = stripVTControlCharacters(await person.output()).replaceAll(/\s+/g, ' ');
    expect(said).toContain(
      '? Which business capability? (what the business calls it, in kebab-case: orders, order-items, inventory) (orders)',
    );
    expect(said).toContain('✔ Which business capability? tours ? What is it?');
  },
);

test('what exists and would change fits too, and the patch of it stays as it is', async () => {
  const cwd = await temporaryFolder();
  await cli([...quick, '--cwd', cwd]);
  const long = `{ "mine": "${'words and '.repeat(20)}" }`;
  await fs.writeFile(path.join(cwd, 'orders/tsconfig.json'), long);
  await fs.writeFile(path.join(cwd, 'orders/package.json'), long);
  const args = ['orders', '--yes', '--dry-run', '--diff'];
  const output = await terminal(cwd, args, { columns: 40 }).output();
  expect(output).toContain(`-${long}`);
  const [said = ''] = stripVTControlCharacters(output).split('\n====');
  expect(said).toContain('would change');
  expect(said.split('\r\n').filter((line) => isTooWide(line, 40))).toEqual([]);
});

test('a path and a command with spaces stay in one piece', async () => {
  const cwd = path.join(await temporaryFolder(), 'my own services of today');
  await fs.mkdir(cwd);
  const output = await terminal(path.dirname(cwd), [...quick, '--cwd', cwd], {
    columns: 40,
  }).output();
  expect(output).toContain(path.join(cwd, 'orders'));
  expect(stripVTControlCharacters(output)).toContain("cd 'my own services of today/orders'");
});

test('the progress of an installation stays on its line, whatever the package manager prints', async () => {
  const cwd = await temporaryFolder();
  const bin = path.join(cwd, 'bin');
  await fs.mkdir(bin);
  const says = `\\033[31m漢字かな交じり文\\033[0m\\tand words ${'w'.repeat(200)}`;
  await fs.writeFile(path.join(bin, 'npm'), `#!/bin/sh\nprintf '${says}\\n'\n/bin/sleep 1\n`, {
    mode: 0o755,
  });
  const args = ['orders', '--yes', '--no-git'];
  const output = await terminal(cwd, args, { columns: 40, env: { PATH: bin } }).output();
  const drawn = output.split('\r\u001b[K').filter((text) => text.includes('Installing'));
  expect(drawn.length).toBeGreaterThan(2);
  expect(drawn.some((text) => text.includes('漢'))).toBe(true);
  for (const text of drawn.map(stripVTControlCharacters)) {
    const wide = [...text].filter((character) => /[\u3040-\u9fff]/.test(character)).length;
    expect(text).not.toMatch(/[\n\t]/);
    expect([...text].length + wide).toBeLessThan(40);
  }
});

const escapeSequence = '\u001b[';

test.each([
  ['a terminal', {}, true],
  ['a terminal with NO_COLOR', { NO_COLOR: '1' }, false],
  ['a terminal with NO_COLOR=false, which counts', { NO_COLOR: 'false' }, false],
  ['a terminal with an empty NO_COLOR, which does not', { NO_COLOR: '' }, true],
  ['TERM=dumb', { TERM: 'dumb' }, false],
  ['CI', { CI: 'true' }, false],
  ['CI=false', { CI: 'false' }, true],
  ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR=false', { FORCE_COLOR: 'false' }, false],
  ['FORCE_COLOR against NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ['FORCE_COLOR in CI', { FORCE_COLOR: '1', CI: 'true' }, true],
])('%s: colours are %j → %j', async (_, env: Record<string, string>, coloured) => {
  const output = await terminal(await temporaryFolder(), quick, { env }).output();
  expect(output.includes(escapeSequence)).toBe(coloured);
});

test('FORCE_COLOR colours a pipe, but never JSON', async () => {
  const env = { FORCE_COLOR: '1' };
  const text = await cli([...quick, '--cwd', await temporaryFolder()], { env });
  expect(text.stdout).toContain(escapeSequence);
  const json = await cli([...quick, '--json', '--cwd', await temporaryFolder()], { env });
  expect(json.stdout).not.toContain(escapeSequence);
});

test.each([
  ['TERM=dumb', { TERM: 'dumb' }],
  ['CI', { CI: 'true' }],
])('with %s nothing is asked and no line is drawn anew', async (_, env: Record<string, string>) => {
  const refused = terminal(await temporaryFolder(), [], { env });
  expect(await refused.output()).toContain('The name is missing and nobody can be asked here.');
  expect(await refused.exited).toBe(2);
  const failing = { ...env, PATH: '/nowhere' };
  const args = ['orders', '--no-git'];
  const installed = await terminal(await temporaryFolder(), args, { env: failing }).output();
  expect(installed).toContain('Installing with npm …\r\n');
  expect(installed).not.toContain(escapeSequence);
});

test('in a pipe lines stay whole', async () => {
  const { stderr } = await cli([
    'order-service',
    ...quick.slice(1),
    '--cwd',
    await temporaryFolder(),
  ]);
  expect(stderr.split('\n').filter((line) => line.startsWith('! '))).toHaveLength(1);
  expect(stderr).toContain('such as orders or payments.');
  expect(stderr.split('\n')[0]?.length).toBeGreaterThan(100);
});
