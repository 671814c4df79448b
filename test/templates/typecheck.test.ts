import path from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';
import { expect, test, vi } from 'vitest';
import { templatesFolder } from '../../scripts/template-folders.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

// It checks every combination anew.
vi.setConfig({ testTimeout: 600_000 });

/** A copy of the templates that may be broken, with the same packages installed. */
async function copyOfTemplates(): Promise<string> {
  const root = await temporaryFolder();
  const copy = path.join(root, 'templates');
  await fs.copy(templatesFolder, copy, { filter: (file) => !/node_modules|\.projects/.test(file) });
  for (const folder of ['node_modules', 'templates/node_modules']) {
    const installed = path.join(packageRoot, folder);
    if (await fs.pathExists(installed)) await fs.symlink(installed, path.join(root, folder));
  }
  return copy;
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await fs.readFile(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await fs.writeFile(file, changed);
}

async function typecheck(templates: string): Promise<{ exitCode: number; faults: string[] }> {
  const script = path.join(packageRoot, 'scripts/typecheck-templates.ts');
  const { exitCode, stdout } = await execa('node', [script, templates], {
    cwd: path.dirname(templates),
    preferLocal: true,
    localDir: packageRoot,
    reject: false,
  });
  return { exitCode: exitCode ?? 1, faults: stdout.split('\n').sort() };
}

test('what does not fit where templates meet is found in the file and line where it stands', async () => {
  const templates = await copyOfTemplates();
  const layer = (name: string) => path.join(templates, name);
  // A wrong type.
  await edit(layer('service/src/main.ts'), (text) => `${text}export const port: number = '80';\n`);
  // An import of what only some services have.
  await edit(
    layer('style-sync/scripts/openapi.ts'),
    (text) => `export * as outbox from '../src/outbox/command.ts';\n${text}`,
  );
  // A replacement that does not fit its callers, which are in other layers.
  const created = 'src/application/create-__aggregate_kebab__.ts';
  await edit(layer(`sample+style-async/${created}`), (text) =>
    text.replace('id }: New__Aggregate__)', 'id }: New__Aggregate__, _at: Date)'),
  );
  // What only one layer has and no choice asks for.
  await fs.outputFile(layer('datastore-forgotten/src/database/x.ts'), 'export {};\n');
  // Replaces what its own layer imports: there, the compiler goes on seeing the replaced file.
  const replaced = 'test/support/service.ts';
  await fs.copy(layer(`service/${replaced}`), layer(`style-async/${replaced}`));
  // A package that is in the catalogue, and too large to install, is no fault.
  const large = 'style-sync/test/api.test.ts';
  await edit(layer(large), (text) => `export { start } from 'very-large/embedded';\n${text}`);
  await edit(layer('package.json'), (text) => {
    const manifest = JSON.parse(text);
    const peerDependencies = { ...manifest.peerDependencies, 'very-large': '1.0.0' };
    return JSON.stringify({ ...manifest, peerDependencies });
  });
  const { exitCode, faults } = await typecheck(templates);
  expect(exitCode).toBe(1);
  const where = faults.flatMap((line) => /^templates\/(.*\.ts)\(\d+,\d+\): /.exec(line)?.[1] ?? []);
  expect([...new Set(where)]).toEqual([
    'protocol-grpc/src/grpc/services/__aggregate_kebab__.ts',
    'sample+style-async+datastore-clickhouse/src/events/handlers/__aggregate_kebab__-requested.ts',
    'sample+style-async/src/events/handlers/__aggregate_kebab__-requested.ts',
    'sample+style-async/test/events.test.ts',
    'service/src/main.ts',
    'style-sync/scripts/openapi.ts',
    'style-sync/src/routes/create-__aggregate_kebab__.ts',
  ]);
  const faultIn = (file: string): string | undefined =>
    faults.find((line) => line.startsWith(`templates/${file}`));
  expect(faultIn('service/src/main.ts')).toMatch(/'string' .* 'number'/);
  expect(faultIn('style-sync/scripts/openapi.ts(1,')).toContain('command.ts');
  expect(faultIn('style-sync/src/routes')).toContain('Expected 3 arguments');
  expect(faults.filter((line) => !/\(\d+,\d+\): |^ /.test(line))).toEqual([
    expect.stringMatching(/^templates\/datastore-forgotten\/src\/database\/x\.ts: no combination/),
    expect.stringMatching(
      /^templates\/service\/test\/support\/service\.ts: a file of the same layer .* style-async replaces it/,
    ),
  ]);
  expect(faultIn(large)).toBeUndefined();
});
