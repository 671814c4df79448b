import { type Choice, choices, switchOf } from './choices.ts';

/** JSON Schema 2020-12 of an answers file, derived from the choices; published as `answers.schema.json`. */
export function answersSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Answers of create-service',
    type: 'object',
    additionalProperties: false,
    required: choices
      .filter((choice) => choice.kind === 'text' && choice.mustBeGiven === true)
      .map(({ key }) => key),
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(choices.map((choice) => [choice.key, propertyOf(choice)])),
    },
    allOf: choices.flatMap(conditionOf),
  };
}

function propertyOf(choice: Choice): object {
  const description = `${choice.question} ${choice.help}`;
  return choice.kind === 'select'
    ? { description, enum: choice.options.map(({ value }) => value), default: choice.default }
    : {
        description,
        type: 'string',
        maxLength: choice.maxLength,
        ...(choice.pattern === undefined ? {} : { pattern: choice.pattern }),
      };
}

/** What a choice that does not always apply means in a schema: given the values without it, it is absent. */
function conditionOf(choice: Choice): object[] {
  const { onlyWith } = choice;
  if (onlyWith === undefined) return [];
  const { choice: other, values } = switchOf(onlyWith);
  const inForce = { properties: { [other.key]: { enum: values } } };
  return [
    {
      if: values.includes(other.default) ? inForce : { ...inForce, required: [other.key] },
      else: { properties: { [choice.key]: false } },
    },
  ];
}
