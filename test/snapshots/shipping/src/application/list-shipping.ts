import type { PageRequest } from '../database/repository.ts';
import type { UnitOfWork } from '../database/unit-of-work.ts';

type Repository = Pick<UnitOfWork['repository'], 'list'>;

/**
 * Returns a page of shipping, oldest first, and in `next` the id after which the following
 * page begins. Pages are stable while others write (keyset pagination).
 */
export async function listShipping(repository: Repository, { limit, after }: PageRequest) {
  // Asks for one more than the caller wants, to learn whether there is a following page.
  const found = await repository.list({ limit: limit + 1, after });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1)?.id : undefined };
}
