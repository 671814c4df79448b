import path from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';
import { rolldown } from 'rolldown';
import { answersSchema } from '../src/answers/json-schema.ts';
import { packTemplates, precompiledTemplates } from './pack-templates.ts';
import { templatesFolder } from './template-folders.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

const programs = { cli: 'src/cli/main.ts', index: 'src/index.ts', undo: 'src/apply/undo.ts' };

/**
 * Bundles a program with all that it loads. Each by itself: chunks that programs share would be more
 * files to open for the command line, whose start is most of its running time.
 */
async function bundle(name: string, file: string): Promise<string[]> {
  // The command line is CommonJS, which Node starts faster than a module (bench/README.md).
  const [format, extension] = name === 'cli' ? (['cjs', 'cjs'] as const) : (['esm', 'js'] as const);
  const build = await rolldown({ input: { [name]: path.join(root, file) }, platform: 'node' });
  const { output } = await build.write({
    dir: dist,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/${name}-[name]-[hash].${extension}`,
    minify: { compress: true, mangle: false, codegen: false },
  });
  await build.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

fs.writeFileSync(path.join(root, 'src/plan/precompiled-templates.js'), precompiledTemplates());
fs.emptyDirSync(dist);
const modules: string[] = [];
for (const [name, file] of Object.entries(programs)) modules.push(...(await bundle(name, file)));
fs.writeFileSync(path.join(dist, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(modules));
// It plans services, which takes the module that was written first of all.
const { writeTemplateProjects } = await import('./template-projects.ts');
writeTemplateProjects(templatesFolder);
const { files, lines, verbatimLines } = packTemplates(path.join(dist, 'templates'));
fs.writeFileSync(
  path.join(dist, 'answers.schema.json'),
  `${JSON.stringify(answersSchema(), null, 2)}\n`,
);
await execa('tsc', ['-p', 'tsconfig.build.json'], {
  cwd: root,
  preferLocal: true,
  stdio: 'inherit',
});
const share = ((100 * verbatimLines) / lines).toFixed(1);
console.log(`${files} template files, ${lines} lines, ${share} % emitted verbatim`);
