import path from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';
import { type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { answersSchema } from '../src/answers/json-schema.ts';
import { packTemplates, precompiledTemplates } from './pack-templates.ts';
import { templatesFolder } from './template-folders.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/**
 * The programs, each bundled by itself with all that it loads. What makes the command line start fast
 * is measured in bench/README.md: it is CommonJS, which Node starts sooner than a module, and one file
 * holds all that every run needs.
 */
const programs: readonly Program[] = [
  {
    name: 'cli',
    file: 'src/cli/main.ts',
    output: { format: 'cjs', codeSplitting: { groups: [inCli(/rolldown.runtime/), inCli()] } },
    plugins: [builtinsAsTheyAre()],
  },
  { name: 'index', file: 'src/index.ts', output: { format: 'esm' } },
  { name: 'undo', file: 'src/apply/undo.ts', output: { format: 'esm' } },
];

interface Program {
  readonly name: string;
  readonly file: string;
  readonly output: OutputOptions;
  readonly plugins?: readonly Plugin[];
}

async function bundle({ name, file, output, plugins = [] }: Program): Promise<string[]> {
  const extension = output.format === 'cjs' ? 'cjs' : 'js';
  const build = await rolldown({
    input: { [name]: path.join(root, file) },
    platform: 'node',
    plugins: [...plugins],
  });
  const { output: chunks } = await build.write({
    ...output,
    dir: dist,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/${name}-[name]-[hash].${extension}`,
    comments: false,
    minify: { compress: true, mangle: false, codegen: false },
  });
  await build.close();
  return chunks.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

/** Modules that go into the file of the command line itself: those given, or all that it loads at once. */
function inCli(test?: RegExp) {
  return test === undefined ? { name: 'cli', tags: ['$initial' as const] } : { name: 'cli', test };
}

/** Hands our code `node:fs` and its like as Node does; the bundler copies all their members first. */
function builtinsAsTheyAre(): Plugin {
  const ours = path.join(root, 'src');
  return {
    name: 'builtins-as-they-are',
    resolveId: (id, importer) =>
      /^node:(fs|os|path)$/.test(id) && importer?.startsWith(ours) === true ? `\0${id}` : null,
    load: (id) =>
      id.startsWith('\0node:')
        ? `export default process.getBuiltinModule('${id.slice(1)}');`
        : null,
  };
}

fs.emptyDirSync(path.join(root, 'chassis/dist'));
await execa('tsc', ['-p', 'chassis/tsconfig.build.json'], {
  cwd: root,
  preferLocal: true,
  stdio: 'inherit',
});
fs.writeFileSync(path.join(root, 'src/plan/precompiled-templates.js'), precompiledTemplates());
fs.emptyDirSync(dist);
const modules: string[] = [];
for (const program of programs) modules.push(...(await bundle(program)));
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
