import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** The gRPC server; it listens on the host of the HTTP server. */
export interface GrpcConfig {
  readonly port: number;
}

declare module '../config.ts' {
  interface Config {
    readonly grpc: GrpcConfig;
  }
}

export default {
  key: 'grpc',
  schema: z
    .object({ GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051) })
    .transform((environment): GrpcConfig => ({ port: environment.GRPC_PORT })),
} satisfies ConfigPart;
