import { applies, choices } from '../answers/choices.ts';
import { choosingAlso } from '../answers/choosing-also.ts';
import { nearest } from '../answers/nearest.ts';
import { hasEvents } from '../service/manifest.ts';
import type { Question, Surroundings } from './addition.ts';

/** The choices that a service without events may be asked when it is given a bus. */
export const laterChoices = choices.filter(({ onlyWith }) => onlyWith === 'style-async');

/** The choices that a service without events has not made yet; none when it has a bus. */
export function busQuestions(around: Surroundings | undefined): readonly Question[] {
  if (around === undefined || hasEvents(around.service.manifest)) return [];
  const { chosen } = around.service.manifest;
  const also = choosingAlso('style-async', chosen);
  return choices.flatMap((choice) => {
    if (choice.kind !== 'select' || choice.isAsked === false) return [];
    if (applies(choice, chosen) || !applies(choice, also)) return [];
    const values = choice.options.map(({ value }) => value);
    return {
      key: choice.key,
      flag: choice.flag,
      noun: choice.key,
      question: choice.question,
      help: choice.help,
      offers: choice.options,
      default: choice.default,
      check(text: string) {
        if (values.includes(text)) return { ok: true, value: text } as const;
        const suggestion = nearest(text, values);
        const reason = `is not one of ${values.join(', ')}`;
        return { ok: false, reason, ...(suggestion === undefined ? {} : { suggestion }) } as const;
      },
    };
  });
}
