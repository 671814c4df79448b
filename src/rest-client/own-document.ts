import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { capitalised } from '../answers/naming.ts';
import { CreateServiceError, reasonOf } from '../base/errors.ts';
import type { Service } from '../service/find-service.ts';
import { hasApi } from '../service/manifest.ts';
import { largestDocument } from './parse-document.ts';

const script = 'scripts/openapi.ts';
const timeoutMs = 30_000;
const neededNode = 24;

/**
 * Asks a service's own code what its API is, in a process in its folder.
 *
 * @throws CreateServiceError when it has none, or cannot be run as it is.
 */
export async function ownDocument({ folder, manifest, tree }: Service): Promise<string> {
  const { name } = manifest;
  if (!hasApi(manifest)) throw unavailable(`${name} has no API: it was made with --style async`);
  if (tree.read(script) === undefined)
    throw unavailable(`${name} has no ${script}, which would say what its API is`);
  const node = nodeFor(folder);
  if (node === undefined)
    throw unavailable(`${name} runs on Node ${neededNode}, and this is older`);
  try {
    const options = { cwd: folder, timeout: timeoutMs, maxBuffer: largestDocument };
    const { stdout } = await promisify(execFile)(node, [script], options);
    return stdout;
  } catch (error) {
    throw refused(name, error);
  }
}

function refused(name: string, error: unknown): CreateServiceError {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : reasonOf(error);
  if (/ERR_MODULE_NOT_FOUND|Cannot find (package|module)/.test(said)) {
    return unavailable(`the dependencies of ${name} are not installed`, `install them in ${name}`);
  }
  const lines = said.split('\n').map((line) => line.trim());
  const line = lines.find((each) => /^\w*Error\b/.test(each)) ?? lines[0] ?? '';
  const reason = line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 300);
  return unavailable(`${name} cannot say what its API is: ${reason}`, `mend ${name} first`);
}

function unavailable(what: string, first?: string): CreateServiceError {
  const other = 'give a file or a URL to --openapi';
  return new CreateServiceError('DOCUMENT_UNAVAILABLE', `${capitalised(what)}.`, {
    hint: first === undefined ? other : `${first}, or ${other}`,
  });
}

/** The Node that is installed with the service or its workspace, else this one if it is new enough. */
function nodeFor(folder: string): string | undefined {
  const own = path.join(folder, 'node_modules/node/bin/node');
  if (fs.existsSync(own)) return own;
  const parent = path.dirname(folder);
  if (parent !== folder) return nodeFor(parent);
  return Number(process.versions.node.split('.')[0]) >= neededNode ? process.execPath : undefined;
}
