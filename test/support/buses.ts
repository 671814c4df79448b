import { KafkaServer, kafkaJars } from './kafka.ts';
import { NatsServer, natsProgram } from './nats.ts';
import { RabbitServer, rabbitProgram } from './rabbitmq.ts';
import { RedisServer, redisProgram } from './redis.ts';

/** A real bus that can be stopped (as by SIGKILL) and started again at the same address. */
export interface BusServer {
  /** What a service needs to find it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Halts it where it is, as SIGSTOP does: it is there, and answers nobody, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Forgets all that it has kept; while it is stopped. */
  wipe(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * How tests come to each bus's real server: every value of the choice `bus` has one. A proxy's port
 * is given where clients come through a proxy, for a server that tells clients where it is.
 */
export const busServers: Readonly<
  Record<string, { readonly available: boolean; create(proxyPort?: number): Promise<BusServer> }>
> = {
  kafka: {
    available: kafkaJars !== undefined,
    create: (proxyPort) => KafkaServer.create(proxyPort),
  },
  nats: { available: natsProgram !== undefined, create: () => NatsServer.create() },
  rabbitmq: { available: rabbitProgram !== undefined, create: () => RabbitServer.create() },
  redis: { available: redisProgram !== undefined, create: () => RedisServer.create() },
};
