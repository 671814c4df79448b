import { createOrder } from '../../application/create-order.ts';
import { callOther } from '../../other-service.ts';
import { defineHandler } from '../handler.ts';
import requested from '../schemas/order-requested.v1.ts';

/** Calls another service in the middle of its work. */
export default defineHandler({
  event: requested,
  handle: async (data, work) => {
    await createOrder(work, data);
    await callOther(data.reference);
  },
});
