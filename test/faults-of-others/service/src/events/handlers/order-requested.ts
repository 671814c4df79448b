import { defineHandler } from 'service-chassis/events';
import { createOrder } from '../../application/create-order.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import { callOther } from '../../other-service.ts';
import requested from '../schemas/order-requested.v1.ts';

/** Calls another service in the middle of its work. */
export default defineHandler({
  event: requested,
  apply: async (data, work: UnitOfWork) => {
    await createOrder(work, data);
    await callOther(data.reference);
  },
});
