import type { Kysely, Transaction } from 'kysely';
import { type KeyedRequest, KeyInUseError } from 'service-chassis/idempotency';
import { kindOf } from '../database/failure-kind.ts';
import type { Tables } from '../database/tables.ts';

declare module '../database/tables.ts' {
  interface Tables {
    idempotency_keys: {
      id: string;
      fingerprint: string;
      /** JSON; empty only while the transaction runs that will fill it in. */
      answer: string;
      /** Milliseconds since 1970. */
      kept_at: number;
    };
  }
}

/**
 * Claims a key for the transaction. It waits while another has it, and rejects when that one commits.
 *
 * @throws KeyInUseError when the other has it for longer than a statement may take.
 */
export async function claimKey(
  transaction: Transaction<Tables>,
  { key, fingerprint }: KeyedRequest,
): Promise<void> {
  const row = { id: key, fingerprint, answer: '', kept_at: Date.now() };
  try {
    await transaction.insertInto('idempotency_keys').values(row).execute();
  } catch (error) {
    const kind = kindOf(error);
    throw kind === 'statement-timeout' || kind === 'lock-timeout' ? new KeyInUseError() : error;
  }
}

/** Keeps the answer under the claimed key: from the commit on it is what everybody gets. */
export async function keepAnswer(
  transaction: Transaction<Tables>,
  key: string,
  answer: unknown,
): Promise<void> {
  await transaction
    .updateTable('idempotency_keys')
    .set({ answer: JSON.stringify(answer) })
    .where('id', '=', key)
    .execute();
}

/** The answer that was kept under a key, and the fingerprint of the request that it answers. */
export async function findAnswer(
  kysely: Kysely<Tables>,
  key: string,
): Promise<{ fingerprint: string; answer: unknown } | undefined> {
  const row = await kysely
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'answer'])
    .where('id', '=', key)
    .executeTakeFirst();
  return row && { fingerprint: row.fingerprint, answer: JSON.parse(row.answer) };
}

/** Forgets answers that are older. */
export async function pruneKeys(kysely: Kysely<Tables>, milliseconds: number): Promise<void> {
  const oldest = Date.now() - milliseconds;
  await kysely.deleteFrom('idempotency_keys').where('kept_at', '<', oldest).execute();
}
