import path from 'node:path';
import fs from 'fs-extra';
import { expect, test } from 'vitest';
import { allCombinations } from '../../scripts/combinations.ts';
import { readCatalogue, templatesFolder } from '../../scripts/template-folders.ts';
import { parseAnswers, planFor } from '../../src/index.ts';

const context = { packageManager: 'npm', bundleNode: false, generatorVersion: '0.0.0' } as const;

/** Names of the packages that a file imports, which is how they become visible where it lies. */
function packagesIn(text: string): string[] {
  const specifiers = text.matchAll(
    /(?:from|import|module)\s*\(?\s*'((?:@[\w.-]+\/)?[\w.-]+)[^':]*'/g,
  );
  return [...specifiers].flatMap(([, name]) => (name?.startsWith('.') ? [] : (name ?? [])));
}

// In place everything in the catalogue can be imported, whether or not the service would have it.
test('every service declares the packages that it imports', () => {
  let found = 0;
  for (const chosen of allCombinations()) {
    const { files } = planFor(parseAnswers({ name: 'orders', ...chosen }).answers, context);
    const manifest = JSON.parse(
      files.find(({ path }) => path === 'package.json')?.contents ?? '{}',
    );
    const inImage = Object.keys(manifest.dependencies);
    const all = [...inImage, ...Object.keys(manifest.devDependencies)];
    for (const { path, contents } of files.filter(({ path }) => path.endsWith('.ts'))) {
      const imported = packagesIn(contents);
      const declared = path.startsWith('src/') ? inImage : all;
      found += imported.length;
      expect(
        imported.filter((name) => !declared.includes(name)),
        `${path} of ${Object.values(chosen).join('-')}`,
      ).toEqual([]);
    }
  }
  expect(found).toBeGreaterThan(100);
});

test('the catalogue has exact versions, and what it only lists is not installed', () => {
  const { installed, listedOnly } = readCatalogue(templatesFolder);
  for (const [name, version] of [...Object.entries(installed), ...Object.entries(listedOnly)]) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  }
  const { peerDependenciesMeta = {} } = fs.readJsonSync(path.join(templatesFolder, 'package.json'));
  for (const name of Object.keys(listedOnly)) {
    expect(installed).not.toHaveProperty([name]);
    expect(peerDependenciesMeta, 'npm installs a peer unless it is optional').toHaveProperty(
      [name, 'optional'],
      true,
    );
  }
});
