import fs from 'node:fs/promises';
import path from 'node:path';
import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from '@nats-io/jwt';

/** The parties of a NATS system whose users log in by credentials, as a managed one hands them out. */
export interface NatsOperator {
  /** Lines of the server's configuration. */
  readonly configuration: string;
  /** Writes the credentials of one user of the account that has JetStream into a file. */
  credentialsIn(file: string): Promise<string>;
}

const unlimited = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };

export async function natsOperator(): Promise<NatsOperator> {
  const [operator, account, system] = [createOperator(), createAccount(), createAccount()];
  const limits = { conn: -1, subs: -1, payload: -1, data: -1, ...unlimited };
  const tokens = {
    [account.getPublicKey()]: await encodeAccount(
      'orders',
      account,
      { limits },
      { signer: operator },
    ),
    // The server's own, without which there is no JetStream.
    [system.getPublicKey()]: await encodeAccount('system', system, {}, { signer: operator }),
  };
  const preloaded = Object.entries(tokens).map(([key, token]) => `${key}: "${token}"`);
  return {
    configuration: [
      `operator: "${await encodeOperator('operator', operator)}"`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${preloaded.join(', ')} }`,
    ].join('\n'),
    async credentialsIn(file) {
      const user = createUser();
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, fmtCreds(await encodeUser('orders', user, account), user));
      return file;
    },
  };
}
