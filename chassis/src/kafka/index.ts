export { KafkaBus } from './bus.ts';
export { type KafkaConfig, kafkaConfig } from './config.ts';
