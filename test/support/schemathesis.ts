import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';

/** The folder that Schemathesis is installed in, where it is. */
export const schemathesisFolder = process.env.CREATE_SERVICE_SCHEMATHESIS;

/**
 * Holds a running service against its own OpenAPI document, with requests that are made from it:
 * everything that is checked by default, but that what fits the schemas is always taken. A write
 * without a precondition fits them, and is refused.
 */
export async function holdAgainstDocument(
  url: string,
  examples = 25,
): Promise<{ failed: boolean; said: string }> {
  const cwd = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-schemathesis-'));
  const { failed, all } = await execa(
    'python3',
    [
      ...['-m', 'schemathesis.cli', 'run', `${url}/openapi.json`, '--no-color'],
      ...['--max-examples', String(examples), '--seed', '1', '--request-timeout', '20'],
      ...['--exclude-checks', 'positive_data_acceptance'],
    ],
    { cwd, all: true, reject: false, env: { PYTHONPATH: schemathesisFolder ?? '' } },
  );
  await fs.remove(cwd);
  return { failed, said: all };
}
