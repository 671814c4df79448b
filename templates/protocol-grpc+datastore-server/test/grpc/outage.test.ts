import { Code, ConnectError } from '@connectrpc/connect';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { RetryInfoSchema } from '../../src/grpc/gen/google/rpc/error_details_pb.ts';
import { buildService } from '../../src/service.ts';
import { clientsOf } from '../support/grpc.ts';
import { testParts } from '../support/parts.ts';

test('without its database the service is UNAVAILABLE over gRPC, and says when to ask again', async () => {
  const { environment, standIns } = await testParts();
  const given = { ...standIns.environment, ...environment };
  // Where nobody listens.
  const url = new URL(given.DATABASE_URL ?? '');
  url.host = '127.0.0.1:1';
  const away = { DATABASE_URL: url.href, DATABASE_CONNECT_TIMEOUT_MS: '500', LOG_LEVEL: 'silent' };
  const config = await loadConfig({ ...given, ...away });
  const app = await buildService({ ...standIns.options, config });
  onTestFinished(() => app.close());
  await app.ready();
  const { service, health } = clientsOf(`http://127.0.0.1:${app.grpc.port}`);
  const error = ConnectError.from(
    await service.create({ reference: 'never' }).catch((thrown: unknown) => thrown),
  );
  expect(error.code).toBe(Code.Unavailable);
  expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBeGreaterThan(0n);
  expect((await health.check({})).status).not.toBe(1);
});
