import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };
import { isProtoContract, protoBreaks } from './support/proto-breaks.ts';

const recorded: readonly unknown[] = manifest.contracts;
const root = path.resolve(import.meta.dirname, '..');

/** What this service relies on of others' protos, held against what those are now. */
const contracts = recorded.filter(isProtoContract);

test.for(contracts)('$client can be called by gRPC as it is here', async (contract, { skip }) => {
  const { client, provider, proto } = contract;
  const now = path.resolve(root, provider);
  if (!existsSync(now)) return skip(`${provider} is not here`);
  const breaks = await protoBreaks(path.join(root, proto), path.join(now, proto));
  if (breaks !== '') expect.fail(`${provider} breaks ${client}:\n${breaks}`);
});
