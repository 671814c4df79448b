import { z } from 'zod';
import type { ConfigPart } from '../config/index.ts';

/** Where a service listens for gRPC; it does so on the host of its HTTP server. */
export interface GrpcConfig {
  readonly port: number;
}

/** Reads `GRPC_PORT`, 50051 when it is not set. */
export const grpcConfig = {
  schema: z
    .object({ GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051) })
    .transform((environment): GrpcConfig => ({ port: environment.GRPC_PORT })),
} satisfies ConfigPart<never, GrpcConfig>;
