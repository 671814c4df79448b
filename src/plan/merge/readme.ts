import { capitalised } from '../../answers/naming.ts';
import { readme as template } from '../precompiled-templates.js';
import type { MergeInput } from '../service-plan.ts';
import { variablesOf } from './environment.ts';
import { eventRow, withRows } from './readme-table.ts';
import { eventRows } from './service-json.ts';

/** `README.md`: title, description, the layers' sections in order, and the tables of events and variables. */
export function readme({ answers, context, fragments, sections }: MergeInput): string {
  const title = answers.name.replaceAll('-', ' ');
  const text = template({
    title: capitalised(title),
    description: markdownText(answers.description),
    sections: sections.map((section) => section.trim()),
    environment: variablesOf(fragments).map(({ name, description, example, required }) => ({
      name,
      description: tableCell(description),
      example: tableCell(example),
      required: required === true ? 'yes' : 'no',
    })),
    generator: `create-service ${context.generatorVersion}`,
  });
  return withRows(text, 'events', eventRows(fragments).map(eventRow)) ?? text;
}

/** A person's sentence as text of Markdown: nothing in it becomes a link, a tag, a list or a heading. */
function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#!|~&$]/g, '\\$&').replace(/^(\d*)([-+=.])/, '$1\\$2');
}

function tableCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
