import path from 'node:path';
import type { Emission, Surroundings } from '../add/addition.ts';
import { clientNames, grpcClientWords } from '../answers/client-names.ts';
import { variablePrefix } from '../answers/naming.ts';
import { grpcProvider } from './provider.ts';

/** A client of a neighbour by gRPC, from its proto and generated code. Pure. @throws BadInputError. */
export function grpcClientEmission(name: string, around: Surroundings): Emission {
  const { service, folder, files, module, services } = grpcProvider(name, around);
  const { key } = clientNames(name);
  const prefix = variablePrefix(name);
  const tree = around.service.tree;
  const provider = path.relative(around.service.folder, service.folder).replaceAll('\\', '/');
  const [first = ''] = services;
  return {
    does: `calls ${name} by gRPC`,
    layers: ['grpc-client', 'add-client-grpc'],
    words: grpcClientWords(name),
    // What another client has brought along already is as good.
    files: files.filter((file) => tree.read(file.path) !== file.contents),
    calls: [name],
    contract: { client: name, provider, proto: folder },
    environment: [
      {
        name: `${prefix}_URL`,
        example: `http://${name}:50051`,
        description: `where ${name} listens for gRPC`,
        required: true,
      },
      {
        name: `${prefix}_TOKEN`,
        example: 'secret',
        description: `sent to ${name} as a bearer token`,
      },
    ],
    dependencies: ['@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-node'],
    devDependencies: ['@bufbuild/buf', '@bufbuild/protoc-gen-es'],
    scripts: { proto: 'buf generate', 'proto:lint': 'buf lint' },
    clients: [{ name, key, prefix }],
    notes: [
      `app.${key}.call(${first}.method.…, …) calls it; ${first} is in src/grpc/gen/${module}`,
      `after a change to ${folder} there, copy it here, and run the script proto`,
    ],
  };
}
