import type { FastifyBaseLogger } from 'fastify';
import type { RedisConnection } from './connection.ts';

/** Says so when the server, as it was set up, may lose what it has confirmed; if it tells. */
export async function warnOfLoss(
  connection: RedisConnection,
  log: FastifyBaseLogger,
): Promise<void> {
  const info = await connection.run((client) => client.info().catch(() => ''));
  if (/^aof_enabled:0\r$/m.test(info)) {
    log.warn('Redis forgets events when it ends: its appendonly is off');
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
  if (policy !== 'noeviction') {
    log.warn(`Redis forgets events when memory is short: its maxmemory-policy is ${policy}`);
  }
}
