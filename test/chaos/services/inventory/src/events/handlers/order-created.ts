import { defineHandler } from 'service-chassis/events';
import { createInventory } from '../../application/create-inventory.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import created from '../schemas/order-created.v1.ts';

/** Has two effects, so that there is something left to do when a handler is given up in its middle. */
export default defineHandler({
  event: created,
  apply: async ({ id }, work: UnitOfWork) => {
    await createInventory(work, { reference: id });
    await createInventory(work, { reference: `${id}::second` });
  },
});
