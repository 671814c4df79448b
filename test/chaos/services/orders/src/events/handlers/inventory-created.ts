import { defineHandler } from 'service-chassis/events';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import { openOrder } from '../../domain/order.ts';
import created from '../schemas/inventory-created.v1.ts';

/** Writes down that inventory said so, and says nothing itself. */
export default defineHandler({
  event: created,
  apply: async ({ id }, work: UnitOfWork) => {
    await work.repository.insert(openOrder(`echo ${id}`, new Date()));
  },
});
