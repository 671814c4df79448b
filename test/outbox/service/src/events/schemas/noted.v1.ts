import { defineEvent } from 'service-chassis/events';
import { z } from 'zod';

export default defineEvent({ type: 'orders.noted.v1', data: z.object({ text: z.string() }) });
