import fs from 'node:fs';
import path from 'node:path';
import type { GatheredDocument } from '../add/addition.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError, reasonOf } from '../base/errors.ts';
import type { Service } from '../service/find-service.ts';
import { parseManifest } from '../service/manifest.ts';
import { treeOnDisk } from '../service/tree.ts';
import { documentSourceOf } from './document-source.ts';
import { fetchDocument } from './fetch-document.ts';
import { ownDocument } from './own-document.ts';
import { largestDocument, parseDocument, tooLarge } from './parse-document.ts';

/**
 * Gets a document from wherever a person says that it is.
 *
 * @param text a URL, or the path of a file or of a service's folder, from `cwd`.
 * @throws CreateServiceError when it cannot be had, or is no JSON or YAML.
 */
export async function gatherDocument(
  text: string,
  { folder }: Service,
  cwd: string,
): Promise<GatheredDocument> {
  const source = documentSourceOf(text);
  const where = quoted(text);
  if (source.is === 'url') {
    const document = await parseDocument(await fetchDocument(source.url), where);
    return { document, provider: source.url.href, where };
  }
  const place = path.resolve(cwd, source.path);
  const provider = path.relative(folder, place).replaceAll('\\', '/');
  const stats = fs.statSync(place, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) {
    const service = serviceIn(fs.realpathSync(place), where);
    const document = await parseDocument(await ownDocument(service), where);
    return { document, provider, where };
  }
  if (stats?.isFile() !== true) throw new BadInputError(`There is no file ${where}.`);
  if (stats.size > largestDocument) throw tooLarge(where);
  return { document: await parseDocument(readText(place, where), where), provider, where };
}

function readText(place: string, where: string): string {
  try {
    return fs.readFileSync(place, 'utf8');
  } catch (error) {
    throw new BadInputError(`${where} cannot be read: ${reasonOf(error)}.`);
  }
}

function serviceIn(folder: string, where: string): Service {
  const tree = treeOnDisk(folder);
  const text = tree.read('service.json');
  if (text === undefined) throw new BadInputError(`There is no service in the folder ${where}.`);
  return { folder, tree, manifest: parseManifest(text, path.join(folder, 'service.json')) };
}
