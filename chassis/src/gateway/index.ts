export { type AggregateOptions, aggregate, type Part } from './aggregates/aggregate.ts';
export type { AuthenticationConfig, TokenIssuer } from './authentication/config.ts';
export { authentication, type Caller } from './authentication/plugin.ts';
export { networkOf } from './callers/network.ts';
export { type GatewayConfig, gatewayConfig } from './config.ts';
export type { CorsConfig } from './cors/config.ts';
export { crossOrigin } from './cors/plugin.ts';
export type { EdgeConfig } from './edge/config.ts';
export { strictRequests } from './edge/plugin.ts';
export { type EntranceOptions, entrance } from './forwarding/entrance.ts';
export { canBeRepeated, exchange, forward, relay } from './forwarding/forward.ts';
export { type ForwardingOptions, forwarding } from './forwarding/plugin.ts';
export type { Upstream } from './forwarding/upstream.ts';
export {
  type UpstreamConfig,
  upstreamBudgets,
  upstreamConfigSchema,
  variablesOf,
} from './forwarding/upstream-config.ts';
export type { RateLimitConfig } from './rate-limit/config.ts';
export { rateLimit } from './rate-limit/plugin.ts';
export { gatewaySettings } from './server-settings.ts';
