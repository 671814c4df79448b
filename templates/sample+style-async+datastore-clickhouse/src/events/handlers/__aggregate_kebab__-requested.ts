import { create } from '../../application/create.ts';
import { defineHandler } from '../handler.ts';
import requested from '../schemas/__aggregate_kebab__-requested.v1.ts';

export default defineHandler({
  event: requested,
  handle: async (data, work) => {
    await create(work, { ...data, id: work.newId() });
  },
});
