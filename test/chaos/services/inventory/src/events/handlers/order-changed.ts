import { create } from '../../application/create.ts';
import { failForAWhile } from '../../failing.ts';
import { defineHandler } from '../handler.ts';
import changed from '../schemas/order-changed.v1.ts';

/** Has two effects, as that of `order-created` has. */
export default defineHandler({
  event: changed,
  handle: async ({ id, version }, work) => {
    await failForAWhile(id, version);
    await create(work, { reference: `${id}:${version}` });
    await create(work, { reference: `${id}:${version}:second` });
  },
});
