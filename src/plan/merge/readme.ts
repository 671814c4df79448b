import { capitalised } from '../../answers/naming.ts';
import {
  operation as operationTemplate,
  readme as readmeTemplate,
} from '../precompiled-templates.js';
import { variablesOf } from './environment.ts';
import type { MergeInput } from './merge-input.ts';
import { eventRow, withRows } from './readme-table.ts';
import { eventRows } from './service-json.ts';

/** `README.md`: title, description, the layers' sections in order, and the table of events. */
export function readme({ answers, fragments, sections }: MergeInput): string {
  const text = readmeTemplate({
    title: titleOf(answers.name),
    description: markdownText(answers.description),
    sections: blocksOf(sections),
  });
  return withRows(text, 'events', eventRows(fragments).map(eventRow)) ?? text;
}

/** `docs/operation.md`: the layers' sections on operation in order, and the table of variables. */
export function operation({ answers, fragments, operation }: MergeInput): string {
  return operationTemplate({
    title: titleOf(answers.name),
    sections: blocksOf(operation),
    environment: variablesOf(fragments).map(({ name, description, example, required }) => ({
      name,
      description: tableCell(description),
      example: tableCell(example),
      required: required === true ? 'yes' : 'no',
    })),
  });
}

function titleOf(name: string): string {
  return capitalised(name.replaceAll('-', ' '));
}

/** Sections without the space around them; items that go on with a list are one block with it. */
function blocksOf(sections: readonly string[]): readonly string[] {
  const blocks: string[] = [];
  for (const text of sections.map((section) => section.trim())) {
    const last = blocks.at(-1);
    const goesOn = /^(- |1\. )/.test(text) && /\n(- |1\. ).*(\n {2}.*)*$/.test(last ?? '');
    if (goesOn) blocks[blocks.length - 1] = `${last}\n${text}`;
    else blocks.push(text);
  }
  return blocks;
}

/** A person's sentence as text of Markdown: nothing in it becomes a link, a tag, a list or a heading. */
function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#!|~&$]/g, '\\$&').replace(/^(\d*)([-+=.])/, '$1\\$2');
}

function tableCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
