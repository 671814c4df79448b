import path from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';
import { rolldown } from 'rolldown';
import { answersSchema } from '../src/answers/json-schema.ts';
import { packTemplates, precompiledTemplates } from './pack-templates.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/** Bundles what the command line loads, so that a run opens a few files and not a few hundred. */
async function bundle(): Promise<void> {
  const build = await rolldown({
    input: {
      cli: path.join(root, 'src/cli/main.ts'),
      undo: path.join(root, 'src/apply/undo.ts'),
      index: path.join(root, 'src/index.ts'),
    },
    platform: 'node',
  });
  await build.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: { compress: true, mangle: false, codegen: false },
  });
  await build.close();
}

fs.writeFileSync(path.join(root, 'src/plan/precompiled-templates.js'), precompiledTemplates());
fs.emptyDirSync(dist);
await bundle();
const { files, lines, verbatimLines } = packTemplates(path.join(dist, 'templates'));
fs.writeFileSync(path.join(dist, 'answers.schema.json'), `${JSON.stringify(answersSchema(), null, 2)}\n`);
await execa('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, preferLocal: true, stdio: 'inherit' });
const share = ((100 * verbatimLines) / lines).toFixed(1);
console.log(`${files} template files, ${lines} lines, ${share} % emitted verbatim`);
