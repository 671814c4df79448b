import { defineHandler } from 'service-chassis/events';
import { handled } from '../../measured.ts';
import measured from '../schemas/order-measured.v1.ts';

export default defineHandler({
  event: measured,
  apply: async ({ at }) => {
    const now = performance.now();
    handled.push({ at: now, latency: now - at });
  },
});
