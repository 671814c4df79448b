import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readLayers, templatesFolder } from '../../scripts/template-folders.ts';
import { LanguageServer } from '../support/language-server.ts';

test('an editor that opens a template shows no error', { timeout: 600_000 }, async () => {
  const server = await LanguageServer.start();
  onTestFinished(() => server.stop());
  const files = readLayers(templatesFolder).flatMap(({ name, files }) =>
    Object.keys(files).map((file) => path.join(templatesFolder, name, file)),
  );
  const sources = files.filter((file) => file.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(50);
  for (const file of sources) {
    expect(await server.open(file), path.relative(templatesFolder, file)).toEqual([]);
  }
});
