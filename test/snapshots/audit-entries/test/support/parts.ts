import { glob } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServiceOptions } from '../../src/service.ts';

/** What one layer's tests give to the service: the default export of `test/support/part-*.ts`. */
export interface TestPart {
  /** Variables of servers that are really there. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What takes the place of a server in the same process, and variables that satisfy its config. */
  readonly standIn?: {
    readonly environment: Readonly<Record<string, string>>;
    readonly options: Partial<ServiceOptions>;
  };
}

/** All parts together. */
export interface TestParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly standIns: {
    readonly environment: Readonly<Record<string, string>>;
    readonly options: Partial<ServiceOptions>;
  };
}

/** Everything a service under test needs, fresh for each call. */
export async function testParts(): Promise<TestParts> {
  const parts: TestPart[] = [];
  for await (const file of glob('part-*.ts', { cwd: import.meta.dirname })) {
    const url = pathToFileURL(path.join(import.meta.dirname, file)).href;
    const module: { default: () => Promise<TestPart> } = await import(url);
    parts.push(await module.default());
  }
  const standIns = parts.flatMap(({ standIn }) => standIn ?? []);
  return {
    environment: Object.assign({}, ...parts.map(({ environment }) => environment)),
    standIns: {
      environment: Object.assign({}, ...standIns.map(({ environment }) => environment)),
      options: Object.assign({}, ...standIns.map(({ options }) => options)),
    },
  };
}
