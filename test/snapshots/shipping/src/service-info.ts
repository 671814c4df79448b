import manifest from '../service.json' with { type: 'json' };

/** What this service is called, as its logs, traces and API document say it. */
export const serviceInfo = {
  name: manifest.name,
  description: manifest.description,
};
