import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allCombinations } from '../../scripts/combinations.ts';
import { conditionsOf } from '../../src/answers/choices.ts';
import { packageManagers } from '../../src/base/package-manager.ts';
import { type Fragment, layersFor } from '../../src/plan/layers.ts';
import { contextConditions } from '../../src/plan/package-manager.ts';
import { packagedTemplates } from '../../src/plan/packaged-templates.ts';
import { packageRoot } from '../support/cli.ts';

const snapshots = path.join(packageRoot, 'test/snapshots/layers');
const templates = packagedTemplates();

/** Every order of laying that some service has. */
const orders = allCombinations().flatMap((chosen) =>
  packageManagers.flatMap((packageManager) =>
    [{}, { workspacePath: 'services/orders' }].map((place) => {
      const context = { packageManager, bundleNode: false, generatorVersion: '0.0.0', ...place };
      return layersFor([...conditionsOf(chosen), ...contextConditions(context)], templates.names);
    }),
  ),
);

test.each(templates.names)('what the layer %s adds is as reviewed', async (name) => {
  const { files, readme, operation, fragment } = templates.read(name);
  const parts = [
    ...Object.keys(files).map((file) => file + replacedBy(name, file)),
    ...Object.keys(readme).map((section) => `README.md: ${section}`),
    ...Object.keys(operation).map((section) => `docs/operation.md: ${section}`),
    ...keysOf(fragment).map((key) => `layer.json: ${key}`),
  ];
  await expect(`${parts.join('\n')}\n`).toMatchFileSnapshot(
    path.join(snapshots, `${name}.tree.txt`),
  );
});

test('no snapshot is left of a layer that is gone', async () => {
  const expected = templates.names.map((name) => `${name}.tree.txt`);
  expect(new Set(await fs.readdir(snapshots))).toEqual(new Set(expected));
});

/** The layers whose file of the same path takes this one's place, where they are laid after it. */
function replacedBy(name: string, file: string): string {
  const later = orders.flatMap((order) =>
    order.includes(name) ? order.slice(order.indexOf(name) + 1) : [],
  );
  const replacing = templates.names.filter(
    (other) => later.includes(other) && file in templates.read(other).files,
  );
  return replacing.length === 0 ? '' : `  (replaced by ${replacing.join(', ')})`;
}

/** `package.scripts.dev`, `environment.PORT`, `compose.services.database`, …: what is merged into other files. */
function keysOf(fragment: Fragment): string[] {
  return Object.entries(fragment).flatMap(([key, value]) => {
    if (typeof value === 'string') return [`${key} ${value}`];
    return namesIn(value).flatMap((name) => {
      const inner: unknown = Array.isArray(value) ? undefined : Reflect.get(value, name);
      const names = typeof inner === 'object' && inner !== null ? namesIn(inner) : [];
      return names.length === 0
        ? [`${key}.${name}`]
        : names.map((last) => `${key}.${name}.${last}`);
    });
  });
}

function namesIn(value: object): string[] {
  if (!Array.isArray(value)) return Object.keys(value);
  return value.map((item) => (typeof item === 'string' ? item : String(item.name)));
}
