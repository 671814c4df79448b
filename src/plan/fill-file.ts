import { fillGenerated } from './descriptor.ts';
import { fittedToWidth } from './line-width.ts';

/** A template's text with its words filled in, laid out as the formatter would. */
export function fillFile(path: string, text: string, fill: (text: string) => string): string {
  if (path.endsWith('_pb.ts')) return fillGenerated(text, fill);
  const filled = fill(text);
  return path.endsWith('.ts') && filled !== text ? fittedToWidth(filled) : filled;
}
