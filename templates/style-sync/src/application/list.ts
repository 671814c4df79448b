import type { PageRequest, Repository } from '../database/repository.ts';

/** A page, oldest first, by keyset: stable while others write. `next` is where the following one begins. */
export async function list(repository: Repository, { limit, after }: PageRequest) {
  // One more than asked for tells whether there is a next page.
  const found = await repository.list({ limit: limit + 1, after });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1)?.id : undefined };
}
