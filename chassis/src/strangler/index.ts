export { type ShadowLimits, type StranglerConfig, stranglerConfig } from './config.ts';
export { strangler } from './plugin.ts';
export { shadowConfig } from './shadow-config.ts';
export { type StrangledRoute, type StrangledSide, strangle } from './strangle.ts';
