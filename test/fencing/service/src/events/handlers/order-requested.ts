import { defineHandler } from 'service-chassis/events';
import { createOrder } from '../../application/create-order.ts';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import requested from '../schemas/order-requested.v1.ts';

/** Creates as many orders as a unit of work has. */
export default defineHandler({
  event: requested,
  apply: async (data, work: UnitOfWork) => {
    const orders = Number(process.env.ORDERS_A_UNIT);
    for (let made = 0; made < orders; made += 1) await createOrder(work, data);
  },
});
