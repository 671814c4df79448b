import { create } from '../../application/create.ts';
import { defineHandler } from '../handler.ts';
import changed from '../schemas/order-changed.v1.ts';

export default defineHandler({
  event: changed,
  handle: async ({ id, version }, work) => {
    await create(work, { reference: `${id}:${version}` });
  },
});
