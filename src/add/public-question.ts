import type { Question } from './addition.ts';

const answers = ['no', 'yes'];

/** Whether what a gateway serves is for callers without a token too. */
export const publicQuestion: Question = {
  key: 'public',
  flag: 'public',
  noun: 'answer to --public',
  question: 'May anybody ask for it, without a token?',
  help: 'no: only callers with a valid token; yes: anybody',
  default: 'no',
  offers: [
    { value: 'no', title: 'no', help: 'only callers with a valid token' },
    { value: 'yes', title: 'yes', help: 'anybody' },
  ],
  check: (text) =>
    answers.includes(text)
      ? { ok: true, value: text }
      : { ok: false, reason: 'is neither yes nor no' },
};
