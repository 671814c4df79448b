/** What this service is called, as its logs, traces and API documents show it. */
export const serviceInfo = {
  name: 'shipping',
  description: 'The shipping service.',
};
