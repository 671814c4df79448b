export { type GrpcConfig, grpcConfig } from './config.ts';
export { grpcClient } from './connect.ts';
export { BadRequestSchema, RetryInfoSchema } from './gen/google/rpc/error_details_pb.ts';
export { Health, HealthCheckResponse_ServingStatus } from './gen/grpc/health/v1/health_pb.ts';
export { GrpcClient } from './grpc-client.ts';
export { GrpcUpstreamError, isGrpcFailure } from './grpc-error.ts';
export { type AddService, type GrpcServerOptions, grpcServer } from './plugin.ts';
export type { GrpcServer } from './server.ts';
export { validated } from './validation.ts';
