import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { expect, test } from 'vitest';
import { Health } from '../../src/grpc/gen/grpc/health/v1/health_pb.ts';
import {
  ServerReflection,
  type ServerReflectionRequest,
} from '../../src/grpc/gen/grpc/reflection/v1/reflection_pb.ts';
import { Thing_StateSchema } from './gen/things/v1/things_pb.ts';
import { serviceName, startGrpc } from './grpc.ts';

async function ask(...requests: ServerReflectionRequest['messageRequest'][]) {
  const { origin } = await startGrpc();
  const client = createClient(ServerReflection, createGrpcTransport({ baseUrl: origin }));
  const sent = (async function* () {
    for (const messageRequest of requests) yield { messageRequest };
  })();
  const answers = await Array.fromAsync(client.serverReflectionInfo(sent));
  return answers.map(({ messageResponse }) => messageResponse);
}

test('names its services', async () => {
  const [answer] = await ask({ case: 'listServices', value: '' });
  const names = answer?.case === 'listServicesResponse' ? answer.value.service : [];
  expect(names.map(({ name }) => name).sort()).toEqual(
    [serviceName, Health.typeName, ServerReflection.typeName].sort(),
  );
});

test('describes a service, its methods and messages, with all that they import', async () => {
  const { typeName } = Thing_StateSchema;
  const symbols = [serviceName, `${serviceName}.Keep`, typeName];
  const questions = symbols.map((value) => ({ case: 'fileContainingSymbol' as const, value }));
  for (const answer of await ask(...questions)) {
    const files = answer.case === 'fileDescriptorResponse' ? answer.value.fileDescriptorProto : [];
    const decoded = files.map((file) => fromBinary(FileDescriptorProtoSchema, file));
    const all = new Map(decoded.map((file) => [file.name, file]));
    const [file] = decoded;
    if (file === undefined) throw new Error('no file');
    const registry = createFileRegistry(file, (name) => all.get(name));
    expect(registry.getService(serviceName)?.methods.map(({ name }) => name)).toContain('Keep');
  }
});

test('says of what there is not that there is none', async () => {
  const answers = await ask(
    { case: 'fileContainingSymbol', value: 'no.such.Thing' },
    { case: 'fileByFilename', value: 'no/such.proto' },
    { case: 'allExtensionNumbersOfType', value: 'no.such.Type' },
  );
  expect(answers.map((answer) => answer.case)).toEqual(Array(3).fill('errorResponse'));
});
