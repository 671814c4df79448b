import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';
import { startService } from './service.ts';

/** The service in this process, listening for gRPC for one test, and a client of it without any policy. */
export async function startGrpc() {
  const app = await startService();
  const origin = `http://127.0.0.1:${app.grpc.port}`;
  const transport = createGrpcTransport({ baseUrl: origin });
  const service = createClient(api.__Aggregate__Service, transport);
  return { app, origin, service };
}
