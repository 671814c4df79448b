import type { Surroundings } from '../add/addition.ts';
import type { Verdict } from '../answers/verdict.ts';
import { BadInputError } from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import type { Tree } from '../service/tree.ts';

/** What a neighbour says of its gRPC, as it stands on disk. */
export interface GrpcProvider {
  readonly service: Service;
  /** The folder of its package: `proto/order_items`. */
  readonly folder: string;
  /** Its `.proto` files and the code generated from them, at the same paths. */
  readonly files: readonly PlannedFile[];
  /** Where its generated code lies, and the services in it. */
  readonly module: string;
  readonly services: readonly string[];
}

/** Whether a neighbour of that name can be called by gRPC. */
export function checkGrpcProvider(name: string, around: Surroundings | undefined): Verdict {
  if (around === undefined) return { ok: true, value: 'grpc' };
  const neighbour = around.neighbours.find(({ manifest }) => manifest.name === name);
  if (neighbour === undefined)
    return { ok: false, reason: `needs ${name} in this workspace, and there is none` };
  return neighbour.tree.read(protoOf(name)) === undefined
    ? { ok: false, reason: `is not spoken by ${name}, which has no ${protoOf(name)}` }
    : { ok: true, value: 'grpc' };
}

/** Reads what a client of a neighbour needs. @throws BadInputError for what cannot be taken along. */
export function grpcProvider(name: string, around: Surroundings): GrpcProvider {
  const service = around.neighbours.find(({ manifest }) => manifest.name === name);
  if (service === undefined) throw new Error('the provider has not been checked');
  const { tree } = service;
  const snake = name.replaceAll('-', '_');
  const sources = filesIn(tree, `proto/${snake}/v1`, /\.proto$/);
  for (const { path, contents } of sources) refuseForeignImports(path, contents, snake);
  const generated = filesIn(tree, `src/grpc/gen/${snake}/v1`, /_pb\.ts$/);
  const main = sources.find(({ path }) => path === protoOf(name))?.contents ?? '';
  const module = `${snake}/v1/${snake}_pb.ts`;
  if (!generated.some(({ path }) => path === `src/grpc/gen/${module}`))
    throw new BadInputError(
      `${name} has no code that was generated from ${protoOf(name)}.`,
      `npm run proto in ${name}`,
    );
  const services = [...main.matchAll(/^service\s+(\w+)/gm)].map(([, found = '']) => found);
  const files = [...sources, ...generated];
  return { service, folder: `proto/${snake}`, files, module, services };
}

function protoOf(name: string): string {
  const snake = name.replaceAll('-', '_');
  return `proto/${snake}/v1/${snake}.proto`;
}

function filesIn(tree: Tree, folder: string, wanted: RegExp): PlannedFile[] {
  return tree
    .list(folder)
    .filter((file) => wanted.test(file))
    .map((file) => ({
      path: `${folder}/${file}`,
      contents: tree.read(`${folder}/${file}`) ?? '',
    }));
}

/** Only what the compiler has itself can be imported: the file would not compile elsewhere. */
function refuseForeignImports(path: string, contents: string, snake: string): void {
  const imports = [...contents.matchAll(/^import\s+(?:public\s+)?"([^"]+)"/gm)];
  const foreign = imports
    .map(([, file = '']) => file)
    .find((file) => !file.startsWith('google/protobuf/') && !file.startsWith(`${snake}/v1/`));
  if (foreign === undefined) return;
  throw new BadInputError(
    `${path} imports ${foreign}, which is no part of its own package.`,
    'move what callers need into that package',
  );
}
