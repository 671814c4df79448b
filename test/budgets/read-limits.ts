import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** One part's statement that a limit has to be less than another. */
interface Budget {
  readonly less: readonly [string, number];
  readonly than: readonly [string, number];
}

/** What a service says of its limits. */
export interface Limits {
  /** The configuration that it reads from its required variables alone. */
  readonly config: Record<string, Record<string, unknown>>;
  /** The same with the example of every variable that has no effect outside. */
  readonly fromExamples: unknown;
  readonly budgets: readonly Budget[];
  /** What it says when the larger of two limits is made as small as the smaller, for each budget. */
  readonly refusals: readonly string[];
  readonly idleTransaction: number | undefined;
  readonly totalOfACall: number | undefined;
}

/** What each service is asked with. */
interface Asked {
  readonly folder: string;
  readonly required: Readonly<Record<string, string>>;
  readonly examples: Readonly<Record<string, string>>;
}

/** Reads the limits of a service whose sources are in a folder, by its own code. */
async function limitsOf({ folder, required, examples }: Asked): Promise<Limits> {
  const load = async (file: string) =>
    import(pathToFileURL(path.join(folder, 'src', file)).href).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
        return {};
      throw error;
    });
  const { resolve } = createRequire(path.join(folder, 'package.json'));
  const loadChassis = async (part: string) => import(pathToFileURL(resolve(part)).href);
  const { configParts, loadConfig } = await load('config.ts');
  const config = await loadConfig(required);
  const { budgetsOf } = await loadChassis('service-chassis/config');
  const budgets: readonly Budget[] = budgetsOf(configParts, config);
  const refusals: string[] = [];
  for (const { less, than } of budgets) {
    const variable = /[A-Z]+_[A-Z_]+/.exec(than[0])?.[0] ?? '';
    const broken = { ...required, [variable]: String(less[1]) };
    refusals.push(await loadConfig(broken).then(() => 'accepted', String));
  }
  const { idleTransactionLimit } = existsSync(path.join(folder, 'src/database/tables.ts'))
    ? await loadChassis('service-chassis/relational')
    : await load('database/transaction-limit.ts');
  const { defaultPolicyOptions } = await loadChassis('service-chassis/resilience');
  return {
    config,
    fromExamples: await loadConfig(examples),
    budgets,
    refusals,
    idleTransaction: idleTransactionLimit?.(config.database),
    totalOfACall: defaultPolicyOptions.totalTimeout,
  };
}

const asked: Asked[] = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8'));
const limits: Limits[] = [];
for (const one of asked) limits.push(await limitsOf(one));
process.stdout.write(JSON.stringify(limits));
