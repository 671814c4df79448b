import { openOrder } from '../../domain/order.ts';
import { defineHandler } from '../handler.ts';
import created from '../schemas/inventory-created.v1.ts';

/** Writes down that inventory said so, and says nothing itself. */
export default defineHandler({
  event: created,
  handle: async ({ id }, work) => {
    await work.repository.insert(openOrder(`echo ${id}`, new Date()));
  },
});
