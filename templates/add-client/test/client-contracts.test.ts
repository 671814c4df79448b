import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };
import { apiBreaks } from './support/api-breaks.ts';
import { currentDocument, isClientContract } from './support/provider.ts';

const recorded: readonly unknown[] = manifest.contracts;

/** What this service relies on of others' APIs, held against what those are now. */
const contracts = recorded.filter(isClientContract);

test.for(contracts)('$client can be called as it is here', async (contract, { skip }) => {
  const { client, provider, document } = contract;
  const now = await currentDocument(provider);
  if (now.is === 'away') return skip(now.reason);
  const needed: unknown = JSON.parse(await readFile(document, 'utf8'));
  const breaks = now.is === 'gone' ? [now.reason] : apiBreaks(needed, now.document);
  if (breaks.length > 0) expect.fail(`${provider} breaks ${client}: ${breaks.join('; ')}`);
});
