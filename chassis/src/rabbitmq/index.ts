export { RabbitBus } from './bus.ts';
export { type RabbitConfig, rabbitConfig } from './config.ts';
