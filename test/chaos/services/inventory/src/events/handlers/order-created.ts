import { create } from '../../application/create.ts';
import { defineHandler } from '../handler.ts';
import created from '../schemas/order-created.v1.ts';

export default defineHandler({
  event: created,
  handle: async ({ id }, work) => {
    await create(work, { reference: id });
  },
});
