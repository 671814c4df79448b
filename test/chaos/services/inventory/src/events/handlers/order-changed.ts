import { defineHandler } from 'service-chassis/events';
import { createInventory } from '../../application/create-inventory.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import { failForAWhile } from '../../failing.ts';
import changed from '../schemas/order-changed.v1.ts';

/** Has two effects, as that of `order-created` has. */
export default defineHandler({
  event: changed,
  apply: async ({ id, version }, work: UnitOfWork) => {
    await failForAWhile(id, version);
    await createInventory(work, { reference: `${id}:${version}` });
    await createInventory(work, { reference: `${id}:${version}:second` });
  },
});
