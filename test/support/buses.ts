import { KafkaServer, kafkaJars } from './kafka.ts';
import { RedisServer, redisProgram } from './redis.ts';

/** A real bus that can be stopped (as by SIGKILL) and started again at the same address. */
export interface BusServer {
  /** What a service needs to find it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** How tests come to each bus's real server: every value of the choice `bus` has one. */
export const busServers: Readonly<
  Record<string, { readonly available: boolean; create(): Promise<BusServer> }>
> = {
  kafka: { available: kafkaJars !== undefined, create: () => KafkaServer.create() },
  redis: { available: redisProgram !== undefined, create: () => RedisServer.create() },
};
