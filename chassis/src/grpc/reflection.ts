import { type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { nestedTypes } from '@bufbuild/protobuf/reflect';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ConnectRouter } from '@connectrpc/connect';
import { file_google_rpc_error_details } from './gen/google/rpc/error_details_pb.ts';
import {
  ServerReflection,
  type ServerReflectionRequest,
} from './gen/grpc/reflection/v1/reflection_pb.ts';
import type { Listener } from './server.ts';

/** Server reflection: tools such as grpcurl need no `.proto` to call the services of the router. */
export function addReflection(router: ConnectRouter): void {
  const services = new Set([...router.handlers.map(({ service }) => service), ServerReflection]);
  const answerTo = answersFrom([...services]);
  router.service(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        const messageResponse = answerTo(request.messageRequest);
        yield { validHost: request.host, originalRequest: request, messageResponse };
      }
    },
  });
}

/** Older tools ask for v1alpha, whose messages are the same. */
export function alsoAsV1Alpha(answer: Listener): Listener {
  return (request, response) => {
    request.url = request.url.replace('/grpc.reflection.v1alpha.', '/grpc.reflection.v1.');
    answer(request, response);
  };
}

function answersFrom(services: readonly DescService[]) {
  const files = new Map<string, DescFile>();
  for (const { file } of services) addFile(files, file);
  // Tools also ask for what errors say in their details.
  addFile(files, file_google_rpc_error_details);
  const symbols = new Map(
    [...files.values()].flatMap((file) =>
      [...nestedTypes(file)].map((type): [string, DescFile] => [type.typeName, file]),
    ),
  );
  return ({ case: kind, value }: ServerReflectionRequest['messageRequest']) => {
    switch (kind) {
      case 'listServices':
        return {
          case: 'listServicesResponse' as const,
          value: { service: services.map(({ typeName }) => ({ name: typeName })) },
        };
      case 'fileByFilename':
        return fileAnswer(files.get(value));
      case 'fileContainingSymbol':
        // A method, field or value is in the file of what it is a member of.
        return fileAnswer(symbols.get(value) ?? symbols.get(value.replace(/\.[^.]*$/, '')));
      default:
        return notFound();
    }
  };
}

/** A file and all that it imports, by name as the compiler was given it. */
function addFile(files: Map<string, DescFile>, file: DescFile): void {
  files.set(file.proto.name, file);
  for (const imported of file.dependencies) addFile(files, imported);
}

function fileAnswer(file: DescFile | undefined) {
  if (file === undefined) return notFound();
  const needed = new Map<string, DescFile>();
  addFile(needed, file);
  const fileDescriptorProto = [...needed.values()].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto } };
}

function notFound() {
  const value = { errorCode: Code.NotFound, errorMessage: 'There is no such thing here.' };
  return { case: 'errorResponse' as const, value };
}
