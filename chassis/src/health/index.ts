export type { Check } from './checks.ts';
export { type Health, health, type PartOptions, type Readiness } from './plugin.ts';
export { CannotStartError } from './start.ts';
export type { Stop } from './stops.ts';
