/** The image has the rules file as it is in the repository, for where none is mounted over it. */
const copied = /^(COPY (?:\S+ )*service\.json) (\.\/)(\r?)$/m;
const letIn = /^!(.*)service\.json(\r?)$/m;

/** A Dockerfile that copies the rules file too; the same one where it copies the whole folder. */
export function withRulesCopied(dockerfile: string): string | undefined {
  if (dockerfile.includes('strangler.json') || !dockerfile.includes('service.json'))
    return dockerfile;
  return copied.test(dockerfile) ? dockerfile.replace(copied, '$1 strangler.json $2$3') : undefined;
}

export function withoutRulesCopied(dockerfile: string): string | undefined {
  const without = dockerfile.replace(/^(COPY .*) strangler\.json (.*)$/m, '$1 $2');
  return without.includes('strangler.json') ? undefined : without;
}

/** A `.dockerignore`, which lists what comes into the image, with the rules file. */
export function withRulesLetIn(ignored: string): string | undefined {
  if (ignored.includes('strangler.json')) return ignored;
  return letIn.test(ignored)
    ? ignored.replace(letIn, '!$1service.json$2\n!$1strangler.json$2')
    : undefined;
}

export function withoutRulesLetIn(ignored: string): string | undefined {
  const without = ignored.replace(/^!.*strangler\.json\r?\n/m, '');
  return without.includes('strangler.json') ? undefined : without;
}
