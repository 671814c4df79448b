import fs from 'node:fs';
import path from 'node:path';
import { packageFolder } from '../base/package-info.ts';
import type { Layer, Templates } from './layers.ts';

/** The templates that came with this package. Each layer's file is read when it is first laid. */
export function packagedTemplates(): Templates {
  const layers = new Map<string, Layer>();
  return {
    names: readJson<string[]>('layers.json'),
    catalogue: readJson<Record<string, string>>('catalogue.json'),
    read(name) {
      const known = layers.get(name);
      if (known !== undefined) return known;
      const layer = readJson<Layer>(`${name}.json`);
      layers.set(name, layer);
      return layer;
    },
  };
}

function readJson<T>(name: string): T {
  return JSON.parse(fs.readFileSync(path.join(packageFolder, 'dist/templates', name), 'utf8'));
}
