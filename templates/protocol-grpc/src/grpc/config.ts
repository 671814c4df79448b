import type { ConfigPart } from 'service-chassis/config';
import { z } from 'zod';

/** The gRPC server; it listens on the host of the HTTP server. */
export interface GrpcConfig {
  readonly port: number;
}

export default {
  schema: z
    .object({ GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051) })
    .transform((environment): GrpcConfig => ({ port: environment.GRPC_PORT })),
} satisfies ConfigPart;
