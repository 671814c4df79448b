/** What this service is called, as its logs, traces and API documents show it. */
export const serviceInfo = {
  name: 'audit-entries',
  description: 'The audit entries service.',
};
