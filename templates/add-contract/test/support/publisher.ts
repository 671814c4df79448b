import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { z } from 'zod';

/** An event of another service that this one relies on: an entry of `contracts` in `service.json`. */
export interface Contract {
  readonly event: string;
  /** The publisher's folder, from this service's own. */
  readonly publisher: string;
  /** The file in it that declares the event. */
  readonly schema: string;
}

/** Tells the contracts about events from those about APIs. */
export function isContract(recorded: unknown): recorded is Contract {
  return (
    typeof recorded === 'object' &&
    recorded !== null &&
    ['event', 'publisher', 'schema'].every((key) => key in recorded)
  );
}

/** What a publisher's own code says of the event now. */
export type Published =
  | { readonly is: 'known'; readonly schema: z.core.JSONSchema.JSONSchema }
  | { readonly is: 'gone'; readonly reason: string }
  | { readonly is: 'away'; readonly reason: string };

/** Runs in the publisher's folder, with its own zod and whatever else its schema imports. */
const program = `
  import { pathToFileURL } from 'node:url';
  import { z } from 'zod';
  const { default: event } = await import(pathToFileURL(process.argv[1]));
  const schema = z.toJSONSchema(event.data, { io: 'output', unrepresentable: 'any' });
  console.log(JSON.stringify({ type: event.type, schema }));
`;

/** Asks the publisher's code, in a process of its own, what it publishes. */
export async function publishedSchema({ event, publisher, schema }: Contract): Promise<Published> {
  const folder = path.resolve(import.meta.dirname, '../..', publisher);
  if (!existsSync(folder)) return { is: 'away', reason: `${publisher} is not here` };
  if (!existsSync(path.join(folder, schema)))
    return { is: 'gone', reason: `${publisher}/${schema} is not there any more` };
  const args = ['--input-type=module', '--eval', program, schema];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    const said: { type: string; schema: z.core.JSONSchema.JSONSchema } = JSON.parse(stdout);
    if (said.type === event) return { is: 'known', schema: said.schema };
    return { is: 'gone', reason: `${publisher}/${schema} declares ${said.type} now` };
  } catch (error) {
    if (!String(error).includes('Cannot find package')) throw error;
    return { is: 'away', reason: `the dependencies of ${publisher} are not installed` };
  }
}
