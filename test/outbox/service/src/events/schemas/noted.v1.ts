import { z } from 'zod';
import { defineEvent } from '../event.ts';

export default defineEvent({ type: 'orders.noted.v1', data: z.object({ text: z.string() }) });
