import type { EnvironmentVariable } from '../plan/layers.ts';

/** What a gateway with strangled routes reads, besides the addresses of its upstreams. */
export const stranglerVariables: readonly EnvironmentVariable[] = [
  {
    name: 'STRANGLER_RULES',
    example: 'strangler.json',
    description:
      'the file that says which callers go to which side; a relative path is from the service',
  },
  {
    name: 'STRANGLER_RULES_INTERVAL_MS',
    example: '1000',
    description: 'how often that file is read again',
  },
  {
    name: 'STRANGLER_SHADOW_CONCURRENCY',
    example: '10',
    description: 'how many reads are shadowed at once; the next ones are not',
  },
  {
    name: 'STRANGLER_SHADOW_BYTES',
    example: '262144',
    description: 'the largest answer that is compared',
  },
  {
    name: 'STRANGLER_SHADOW_TIMEOUT_MS',
    example: '5000',
    description: 'how long a shadowed read may take at the new side',
  },
];
