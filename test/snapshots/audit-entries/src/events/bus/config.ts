import { type KafkaConfig, kafkaConfig } from 'service-chassis/kafka';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly kafka: KafkaConfig;
  }
}

/** Where the cluster is, and how to log in: `KAFKA_*`. */
export default kafkaConfig satisfies ConfigPart;
