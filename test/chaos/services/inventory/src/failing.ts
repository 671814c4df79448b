import fs from 'node:fs/promises';

const file = process.env.CHAOS_FAILING_FILE ?? '';
const failures = new Map<string, number>();
/** Less than would make a dead letter, in every process. */
const mostFailures = 2;

/** Throws for the order that the file names, while it does, and notes that beside it. */
export async function failForAWhile(id: string, version: number): Promise<void> {
  const failing = await fs.readFile(file, 'utf8').catch(() => '');
  if (failing !== id) return;
  const change = `${id}:${version}`;
  const count = failures.get(change) ?? 0;
  if (count >= mostFailures) return;
  failures.set(change, count + 1);
  await fs.appendFile(`${file}.log`, `${change}\n`);
  throw new Error('this order fails for a while');
}
