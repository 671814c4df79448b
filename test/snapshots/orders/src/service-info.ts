/** What this service is called, as its logs, traces and API documents show it. */
export const serviceInfo = {
  name: 'orders',
  description: 'The orders service.',
};
