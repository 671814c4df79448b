import path from 'node:path';
import type { NodePlopAPI } from 'plop';
import type { Addition } from '../add/addition.ts';
import { addToService } from '../grow/add-to-service.ts';

/**
 * An addition as a generator for plop. It grows the service in plop's destination folder: that of the
 * plopfile, or the one given to plop's `--dest`. What a bus needs takes its default.
 */
export function addAdditionGenerator(plop: NodePlopAPI, addition: Addition): void {
  plop.setGenerator(addition.kind, {
    description: addition.description,
    prompts: addition.questions(undefined, {}).map(({ key, question, help, check }) => ({
      name: key,
      message: `${question} (${help})`,
      type: 'input' as const,
      validate: (text: string) => {
        const verdict = check(text);
        return verdict.ok || `This ${verdict.reason}.`;
      },
    })),
    actions: [
      async (given) => {
        const cwd = plop.getDestBasePath();
        const { service, does, notes, files } = await addToService(addition.kind, given ?? {}, {
          cwd,
        });
        const needsInstall = files.some((file) => file.path === 'package.json');
        return [
          `${service.manifest.name} ${does}: ${files.length} files in ${path.relative(process.cwd(), service.folder) || '.'}`,
          ...notes,
          ...(needsInstall ? ['package.json has changed: install'] : []),
        ].join('\n');
      },
    ],
  });
}
