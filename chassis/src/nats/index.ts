export { NatsBus } from './bus.ts';
export { type NatsConfig, natsConfig } from './config.ts';
