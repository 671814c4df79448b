import fs from 'node:fs/promises';
import path from 'node:path';
import { allCombinations, type Combination } from '../../scripts/combinations.ts';
import { parseAnswers, planFor } from '../../src/index.ts';
import { packageRoot } from '../support/cli.ts';

const checks = path.join(packageRoot, 'chassis/src/health/checks.ts');

/** A service as it is planned, without what plays no part in its limits. */
export interface Planned {
  readonly title: string;
  readonly chosen: Combination;
  /** Where its sources are. */
  readonly folder: string;
  readonly manifest: string;
  /** What `.env.example` gives as an example of each variable. */
  readonly examples: Readonly<Record<string, string>>;
  /** How long a readiness check may take, in milliseconds. */
  readonly checkTimeout: number;
}

/** Lays the sources of every combination of choices into a folder, where they find their packages. */
export async function layAll(root: string): Promise<readonly Planned[]> {
  await fs.symlink(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'));
  return Promise.all(
    allCombinations().map(async (chosen, index) => lay(chosen, path.join(root, String(index)))),
  );
}

async function lay(chosen: Combination, folder: string): Promise<Planned> {
  const { answers } = parseAnswers({ name: 'orders', ...chosen });
  const { files } = planFor(answers, {
    packageManager: 'npm',
    bundleNode: false,
    generatorVersion: '0.0.0',
  });
  const textOf = (name: string): string =>
    files.find((file) => file.path === name)?.contents.toString() ?? '';
  for (const file of files) {
    if (!/^(src\/.*\.ts|service\.json|package\.json)$/.test(file.path)) continue;
    const target = path.join(folder, file.path);
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.writeFile(target, file.contents);
  }
  const examples = textOf('.env.example').matchAll(/^#? ?([A-Z_]+)=(.*)$/gm);
  return {
    title: Object.values(chosen).join(' '),
    chosen,
    folder,
    manifest: textOf('deploy/kubernetes.yaml'),
    examples: Object.fromEntries([...examples].map(([, name, example]) => [name, example])),
    checkTimeout: Number(/timeoutMs = (\d+)/.exec(await fs.readFile(checks, 'utf8'))?.[1]),
  };
}
