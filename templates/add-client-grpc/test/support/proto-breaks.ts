import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Another service whose gRPC this one calls: an entry of `contracts` in `service.json`. */
export interface ProtoContract {
  readonly client: string;
  /** Its folder, from this service's own. */
  readonly provider: string;
  /** The folder with the files of its package, there and here. */
  readonly proto: string;
}

/** Tells the contracts about gRPC from the others. */
export function isProtoContract(recorded: unknown): recorded is ProtoContract {
  return (
    typeof recorded === 'object' &&
    recorded !== null &&
    ['client', 'provider', 'proto'].every((key) => key in recorded)
  );
}

const buf = path.resolve(import.meta.dirname, '../../node_modules/.bin/buf');

/** What of the package as it was recorded is broken now, in the words of buf; empty when nothing is. */
export async function protoBreaks(recorded: string, now: string): Promise<string> {
  if (!existsSync(now)) return `${path.basename(now)} is not there any more`;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'proto-'));
  try {
    // Each alone, so that what else lies beside them is not compared.
    for (const [name, from] of Object.entries({ recorded, now }))
      await cp(from, path.join(folder, name, path.basename(from)), { recursive: true });
    // By buf's own rules, which are those for code that is generated: FILE.
    return await run(['breaking', '--against', '../recorded'], path.join(folder, 'now'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(buf, [...args], { cwd }, (error, stdout, stderr) => {
      const found = stdout.trim();
      if (error === null || found !== '') resolve(found);
      else reject(new Error(stderr));
    });
  });
}
