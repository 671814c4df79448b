import { existsSync } from 'node:fs';
import path from 'node:path';
import { isProtoContract, protoBreaks } from 'service-chassis/testing';
import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };

const recorded: readonly unknown[] = manifest.contracts;
const root = path.resolve(import.meta.dirname, '..');
const buf = path.join(root, 'node_modules/.bin/buf');

/** What this service relies on of others' protos, held against what those are now. */
const contracts = recorded.filter(isProtoContract);

test.for(contracts)('$client can be called by gRPC as it is here', async (contract, { skip }) => {
  const { client, provider, proto } = contract;
  const now = path.resolve(root, provider);
  if (!existsSync(now)) return skip(`${provider} is not here`);
  const breaks = await protoBreaks(buf, path.join(root, proto), path.join(now, proto));
  if (breaks !== '') expect.fail(`${provider} breaks ${client}:\n${breaks}`);
});
