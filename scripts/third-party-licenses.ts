import path from 'node:path';
import fs from 'fs-extra';

/**
 * The licence texts of every package whose code is in the bundles, which their licences ask to be
 * passed on with it.
 *
 * @param modules files that went into the bundles. @throws Error naming a package without a licence file.
 */
export function thirdPartyLicenses(modules: Iterable<string>): string {
  const folders = new Set<string>();
  for (const module of modules) {
    const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
      module.replaceAll('\\', '/'),
    )?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort().map(noticeOf).join('\n\n---\n\n');
}

function noticeOf(folder: string): string {
  const { name, version, license } = fs.readJsonSync(path.join(folder, 'package.json'));
  const file = fs.readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : fs.readFileSync(path.join(folder, file), 'utf8').trim();
  if (text === '' && license === undefined)
    throw new Error(`${name} is bundled but has no licence`);
  return `${name} ${version} (${license})\n\n${text}`.trim();
}
