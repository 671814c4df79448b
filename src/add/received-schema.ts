import path from 'node:path';
import { type EventType, eventTypeText } from '../answers/event-name.ts';
import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { TargetConflictError } from '../base/errors.ts';
import type { Emission, Surroundings } from './addition.ts';
import { schemaFolder, schemaStemOf } from './event-words.ts';
import { publisherNamed } from './publisher.ts';
import { foreignImports, schemaFileOf } from './schema-file.ts';

/** Where the schema of a handled event comes from. */
interface ReceivedSchema extends Pick<Emission, 'layers' | 'files' | 'contract' | 'notes'> {
  /** Its file in the handling service, without folder and extension. */
  readonly stem: string;
}

/** The test of contracts, and how it compares schemas. */
const contractLayers = ['add-contract', 'add-compatibility'];

/**
 * The schema of an event that a service is to handle: the one that it has, a copy of its publisher's
 * when that is around, or one that takes any data.
 *
 * @throws TargetConflictError when the publisher says that it publishes the event and has no file for it.
 */
export function receivedSchema(event: EventType, around: Surroundings): ReceivedSchema {
  const { service } = around;
  const { name } = service.manifest;
  const present = schemaFileOf(service.tree, event, name);
  const publisher = publisherNamed(event.publisher, around);
  const own = present === undefined ? undefined : path.posix.basename(present.path, '.ts');
  const stem = own ?? schemaStemOf(event, name);
  if (publisher === undefined) {
    return own === undefined
      ? { stem, layers: ['add-received-event'], notes: [unknownPublisher(event, around)] }
      : { stem, layers: [] };
  }
  const original = schemaFileOf(publisher.tree, event, event.publisher);
  if (original === undefined) throw withoutSchema(event, publisher.folder);
  if (publisher === service) return { stem, layers: [] };
  const folder = path.relative(service.folder, publisher.folder).replaceAll('\\', '/');
  const contract = {
    event: eventTypeText(event),
    publisher: folder,
    schema: original.path,
  };
  if (own !== undefined) return { stem, contract, layers: contractLayers };
  const foreign = foreignImports(original.contents);
  const { topics } = publisher.manifest.chosen;
  const isInTopic = topics === 'capability';
  if (foreign.length > 0) {
    const layers = [`add-received-event${isInTopic ? '-in-topic' : ''}`, ...contractLayers];
    return { stem, contract, layers, notes: [notCopied(event, foreign, around)] };
  }
  const file = `${schemaFolder}/${stem}.ts`;
  const origin = `// Copied from ${event.publisher}; test/contracts.test.ts fails when what it publishes no longer fits.\n`;
  return {
    stem,
    contract,
    layers: contractLayers,
    files: [
      {
        path: file,
        contents: origin + (isInTopic ? inTopic(original.contents, event) : original.contents),
      },
    ],
  };
}

/** The publisher's schema, for a service that has to be told its topic. */
function inTopic(schema: string, event: EventType): string {
  const topic = `topic: '${event.publisher}.events',`;
  return schema.replace(
    /^( *)type: *['"][^'"]*['"],\n/m,
    (line, indent) => `${line}${indent}${topic}\n`,
  );
}

function withoutSchema(event: EventType, folder: string): TargetConflictError {
  return new TargetConflictError(
    `${event.publisher} lists ${eventTypeText(event)} in its service.json, but no file of ${path.join(folder, schemaFolder)} declares it.`,
    `mend ${event.publisher} first`,
  );
}

function unknownPublisher(event: EventType, { service, neighbours }: Surroundings): string {
  const near = nearest(
    event.publisher,
    neighbours.map(({ manifest }) => manifest.name),
  );
  const question = near === undefined ? '' : ` (did you mean ${near}?)`;
  return `no service ${event.publisher} is in this workspace${question}, so the schema takes any data: ${toWrite(event, service.manifest.name)}`;
}

function notCopied(
  event: EventType,
  foreign: readonly string[],
  { service }: Surroundings,
): string {
  return `the schema of ${event.publisher} was not copied, because it imports ${foreign.map(quoted).join(', ')}: ${toWrite(event, service.manifest.name)}`;
}

function toWrite(event: EventType, service: string): string {
  return `write into ${schemaFolder}/${schemaStemOf(event, service)}.ts what ${service} needs of it`;
}
