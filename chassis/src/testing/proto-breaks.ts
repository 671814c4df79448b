import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
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

/**
 * What of a package of protocol buffers is broken now, in the words of buf; empty when nothing is. Its rules are
 * those for code that is generated (`FILE`).
 *
 * @param buf the program.
 * @param recorded folder with the files as they were, @param now with those that there are now.
 */
export async function protoBreaks(buf: string, recorded: string, now: string): Promise<string> {
  if (!existsSync(now)) return `${path.basename(now)} is not there any more`;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'proto-'));
  try {
    // Each alone, so that what else lies beside them is not compared.
    for (const [name, from] of Object.entries({ recorded, now }))
      await cp(from, path.join(folder, name, path.basename(from)), { recursive: true });
    return await run(buf, ['breaking', '--against', '../recorded'], path.join(folder, 'now'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { cwd }, (error, stdout, stderr) => {
      const found = stdout.trim();
      if (error === null || found !== '') resolve(found);
      else reject(new Error(stderr));
    });
  });
}
