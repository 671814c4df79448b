import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { withoutSection, withSection } from '../../src/plan/merge/readme-section.ts';
import { withoutRulesMounted, withRulesMounted } from '../../src/strangler/deployment-text.ts';
import {
  withoutRulesCopied,
  withoutRulesLetIn,
  withRulesCopied,
  withRulesLetIn,
} from '../../src/strangler/image-text.ts';
import {
  hasRules,
  newRules,
  notAllMoved,
  withoutRule,
  withRule,
} from '../../src/strangler/rules-text.ts';

describe('a Deployment', () => {
  const manifests = `# Ours: ask Ann.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: gateway
spec:
  template:
    spec:
      containers:
        - name: gateway # ours
          env:
            - name: LOG_LEVEL
              value: debug
          args: [--ours]
---
apiVersion: v1
kind: Service
metadata:
  name: gateway
`;

  test('mounts the rules beside what a person has put in, and is as it was without them', async () => {
    const mounted = (await withRulesMounted(manifests, 'gateway')) ?? '';
    const [deployment] = parseAllDocuments(mounted);
    expect(deployment?.toJS().spec.template.spec).toEqual({
      containers: [
        {
          name: 'gateway',
          env: [
            { name: 'LOG_LEVEL', value: 'debug' },
            { name: 'STRANGLER_RULES', value: '/etc/strangler/strangler.json' },
          ],
          args: ['--ours'],
          volumeMounts: [{ name: 'strangler', mountPath: '/etc/strangler', readOnly: true }],
        },
      ],
      volumes: [{ name: 'strangler', configMap: { name: 'gateway-strangler' } }],
    });
    expect(mounted).toContain('# Ours: ask Ann.');
    expect(mounted).toContain('- name: gateway # ours');
    expect(await withRulesMounted(mounted, 'gateway')).toBe(mounted);
    expect(await withoutRulesMounted(mounted, 'gateway')).toBe(manifests);
  });

  test.each([
    ['of another name', manifests.replace('  name: gateway\nspec', '  name: other\nspec')],
    ['that cannot be read', '{ not: [yaml'],
    ['that would be laid out anew', manifests.replace('name: LOG_LEVEL', 'name:   LOG_LEVEL')],
    ['without containers', 'kind: Deployment\nmetadata:\n  name: gateway\n'],
    ['that is none', ''],
    ['that is a list', '- 1\n'],
  ])('%s is left alone', async (_name, text) => {
    expect(await withRulesMounted(text, 'gateway')).toBeUndefined();
  });
});

test('the image gets the rules by one word of its Dockerfile and one line of its .dockerignore', () => {
  const dockerfile = 'FROM x\r\nCOPY package.json service.json ./\r\nCOPY src ./src\r\n';
  const copied = dockerfile.replace('service.json', 'service.json strangler.json');
  expect(withRulesCopied(dockerfile)).toBe(copied);
  expect(withRulesCopied(copied)).toBe(copied);
  expect(withoutRulesCopied(copied)).toBe(dockerfile);
  expect(withRulesCopied('COPY service.json /elsewhere')).toBeUndefined();
  expect(withRulesCopied('COPY . .')).toBe('COPY . .');
  const ignored = '*\n!services/gateway/service.json\n!services/gateway/src\n';
  const letIn = ignored.replace('!services/gateway/src', '!services/gateway/strangler.json\n$&');
  expect(withRulesLetIn(ignored)).toBe(letIn);
  expect(withRulesLetIn(letIn)).toBe(letIn);
  expect(withoutRulesLetIn(letIn)).toBe(ignored);
  expect(withRulesLetIn('node_modules\n')).toBeUndefined();
});

test.each(['# A\n\n## Configuration\n\nrest\n', '# A\n', '# A\r\n\r\n## Configuration\r\n', 'A\n'])(
  'a section of a README comes and goes without a trace: %j',
  (markdown) => {
    const lines = '## S\n\ntext $& $1\n';
    const added = withSection(markdown, 'strangler', lines);
    expect(added).toContain('text $& $1');
    expect(withSection(added, 'strangler', lines)).toBe(added);
    expect(withoutSection(added, 'strangler', lines)).toBe(markdown);
    expect(withoutSection(added.replace('text', 'ours'), 'strangler', lines)).toBeUndefined();
  },
);

test('a rules file gains and loses rules, in the layout that it has', () => {
  const text = '{\n    "/ours": { "percentage": 7 }\n}';
  const ruled = withRule(text, '/api/orders') ?? '';
  expect(ruled).toMatch(/^\{\n {4}"\/ours"/);
  expect(withRule(ruled, '/api/orders')).toBe(ruled);
  expect(JSON.parse(withoutRule(ruled, '/api/orders') ?? '')).toEqual(JSON.parse(text));
  for (const broken of ['', '{', '[]', 'null', '1']) {
    expect(withRule(broken, '/api/orders')).toBeUndefined();
    expect(withoutRule(broken, '/api/orders')).toBeUndefined();
    expect(hasRules(broken)).toBe(false);
  }
});

test.each([
  [newRules('/api/orders'), 'sends 0 %'],
  ['{"/api/orders":{"percentage":"100"}}', 'sends "100" %'],
  ['{"/api/orders":{"percentage":99.99}}', 'sends 99.99 %'],
  ['{"/api/orders":{}}', '%'],
  ['{"/api/orders":null}', 'no rule'],
  ['{}', 'no rule'],
  ['{', 'no rule'],
  ['{"/api/orders":{"percentage":100,"exceptions":[{"side":"old","when":{}}]}}', 'exceptions'],
  ['{"/api/orders":{"percentage":100,"exceptions":[{"when":{},"side":"old"}]}}', 'exceptions'],
  ['{"/api/orders":{"percentage":100,"exceptions":{"side":"old"}}}', 'exceptions'],
])('callers have not all moved by %s', (text, reason) => {
  expect(notAllMoved(text, '/api/orders')).toContain(reason);
});

test('callers have all moved when the percentage is 100 and no exception leads back', () => {
  const exceptions = [{ side: 'new', when: { headers: { 'x-preview': 'yes' } } }];
  for (const rule of [{ percentage: 100 }, { percentage: 100, exceptions }])
    expect(notAllMoved(JSON.stringify({ '/api/orders': rule }), '/api/orders')).toBeUndefined();
});
