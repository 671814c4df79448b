import fs from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanContext } from '../../src/index.ts';
import {
  type AddedAnswers,
  additionOf,
  BadInputError,
  parseAnswers,
  planAddition,
  planFor,
  type Service,
  type Surroundings,
} from '../../src/index.ts';
import { parseManifest } from '../../src/service/manifest.ts';
import { withFiles } from '../../src/service/tree.ts';
import { packageRoot, temporaryFolder } from '../support/cli.ts';

const context: PlanContext = {
  packageManager: 'npm',
  bundleNode: false,
  generatorVersion: '0.0.0',
};
const nothing = { read: () => undefined, list: () => [] };

/** A service as it is planned, without a disk. */
function serviceNamed(name: string): Service {
  const { answers } = parseAnswers({ name, style: 'async', datastore: 'none' });
  const { files } = planFor(answers, context);
  const tree = withFiles(nothing, files);
  const manifest = parseManifest(tree.read('service.json') ?? '', 'service.json');
  return { folder: `/${name}`, manifest, tree };
}

const names = Array.from({ length: 50 }, (_, index) => 'q'.repeat(index + 1)).concat(
  'order-shipped',
  'a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y',
);

const sample = {
  openapi: '3.1.0',
  info: { title: 'sample', version: '1' },
  paths: { '/things': { get: { responses: { 204: { description: '' } } } } },
};

test('what is added is formatted and lints clean, whatever the length of the names', {
  timeout: 120_000,
}, async () => {
  const root = await temporaryFolder();
  const config = await fs.readFile(
    path.join(packageRoot, 'templates/service/biome.json.template'),
    'utf8',
  );
  await fs.writeFile(path.join(root, 'biome.json'), config.replace(/.*\$schema.*\n/, ''));
  let written = 0;
  const write = async (kind: string, given: AddedAnswers, around: Surroundings): Promise<void> => {
    const { files } = await planAddition(additionOf(kind), given, around);
    for (const file of files.filter((each) => /\.(ts|json)$/.test(each.path))) {
      const target = path.join(root, `${written}`, file.path);
      await fs.mkdir(path.dirname(target), { recursive: true });
      await fs.writeFile(target, file.contents);
      written += 1;
    }
  };
  for (const service of [serviceNamed('q'), serviceNamed('q'.repeat(40))]) {
    const from = `${service.manifest.name.slice(1)}p`;
    const alone = { service, neighbours: [] };
    for (const name of names) {
      await write('event', { name }, alone);
      await write('event', { name: `${name}.v9999` }, alone);
      await write('handler', { name, from }, alone);
    }
    for (const name of names.filter(
      (each) => each.length <= 40 && each !== service.manifest.name,
    )) {
      const document = { document: sample, provider: '../sample.json', where: 'sample.json' };
      await write('client', { name, openapi: 'sample.json' }, { ...alone, document });
    }
    const around = { service, neighbours: [serviceNamed(from)] };
    await write('handler', { name: `${from}-created`, from }, around);
  }
  const biome = path.join(packageRoot, 'node_modules/.bin/biome');
  const args = ['check', '--max-diagnostics=5', '--error-on-warnings', '.'];
  const { failed, all } = await execa(biome, args, { cwd: root, all: true, reject: false });
  expect(failed, all).toBe(false);
  expect(Number(/Checked (\d+) files/.exec(all)?.[1])).toBeGreaterThanOrEqual(written);
});

test('any event and service name is refused clearly or emits files that parse', async () => {
  const service = serviceNamed('orders');
  const words = fc.stringMatching(/^[a-z][a-z0-9-]{0,55}(\.v\d{1,5})?$/);
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), words);
  const seen = { refused: 0, emitted: 0 };
  await fc.assert(
    fc.asyncProperty(text, text, fc.boolean(), async (name, from, isEvent) => {
      const given = isEvent ? { name } : { name, from };
      seen[await emitsOrRefuses(isEvent ? 'event' : 'handler', given, service)] += 1;
    }),
    { numRuns: 400 },
  );
  expect(seen.emitted).toBeGreaterThan(20);
  expect(seen.refused).toBeGreaterThan(20);
});

async function emitsOrRefuses(kind: string, given: AddedAnswers, service: Service) {
  try {
    const plan = await planAddition(additionOf(kind), given, { service, neighbours: [] });
    for (const { path: file, contents } of plan.files) {
      expect(file).toMatch(/^[\w./-]+$/);
      expect(file.split('/').some((part) => part.length > 120)).toBe(false);
      expect(contents).not.toMatch(/__\w+__/);
      if (file.endsWith('.json')) JSON.parse(contents);
      if (file.endsWith('.ts')) stripTypeScriptTypes(contents);
    }
    return 'emitted';
  } catch (error) {
    expect(error).toBeInstanceOf(BadInputError);
    // Nothing that a terminal would obey is repeated to it.
    expect(error instanceof Error && /\p{Cc}/u.test(error.message)).toBe(false);
    return 'refused';
  }
}
