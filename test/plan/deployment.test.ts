import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { allCombinations } from '../../scripts/combinations.ts';
import { traitsOf } from '../../src/answers/choices.ts';
import { packageManagers } from '../../src/base/package-manager.ts';
import { type PlanContext, parseAnswers, planFor } from '../../src/index.ts';

/** What is emitted to deploy a service: the manifests by their kinds, compose's, and the image's. */
function deploymentOf(chosen: Readonly<Record<string, string>>, place: Partial<PlanContext> = {}) {
  const { answers } = parseAnswers({ name: 'orders', ...chosen });
  const context = { packageManager: 'npm', bundleNode: false, generatorVersion: '0.0.0' } as const;
  const { files } = planFor(answers, { ...context, ...place });
  const textOf = (name: string): string =>
    files.find(({ path }) => path === name)?.contents.toString() ?? '';
  const manifests = parseAllDocuments(textOf('deploy/kubernetes.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  const ofKind = (kind: string) => manifests.find((manifest) => manifest.kind === kind);
  return { ofKind, compose: parse(textOf('compose.yaml')), dockerfile: textOf('Dockerfile') };
}

test('what may run once has one replica, which ends before the next one starts, and others have more', () => {
  for (const chosen of allCombinations()) {
    const { ofKind } = deploymentOf(chosen);
    const { replicas, strategy } = ofKind('Deployment').spec;
    const isOne = traitsOf(chosen).oneProcess === true;
    expect(replicas > 1).toBe(!isOne);
    expect(strategy.type ?? 'RollingUpdate').toBe(isOne ? 'Recreate' : 'RollingUpdate');
    expect(ofKind('PodDisruptionBudget') === undefined).toBe(isOne);
  }
});

test('what is kept in a folder has a volume there, which the service may write to, and nothing else has', () => {
  const places = packageManagers.flatMap((packageManager) => [
    { packageManager },
    { packageManager, workspacePath: 'services/orders' },
  ]);
  for (const chosen of allCombinations()) {
    const { volume } = traitsOf(chosen);
    const { ofKind, compose } = deploymentOf(chosen);
    const pod = ofKind('Deployment').spec.template.spec;
    const [container] = pod.containers;
    expect(container.volumeMounts).toEqual(volume && [{ name: 'data', mountPath: volume }]);
    expect(pod.volumes?.[0].persistentVolumeClaim.claimName).toBe(
      ofKind('PersistentVolumeClaim')?.metadata.name,
    );
    expect(pod.securityContext.fsGroup).toBe(volume && 1000);
    expect(compose.services.app.volumes).toEqual(volume && [`data:${volume}`]);
    for (const place of volume === undefined ? [] : places)
      expect(deploymentOf(chosen, place).dockerfile).toContain(
        `RUN install -d -o node -g node ${volume}\nUSER node\n`,
      );
  }
});

test('a variable that is no secret has the same value wherever the image runs', () => {
  const { ofKind, compose } = deploymentOf({ datastore: 'sqlite' });
  const [container] = ofKind('Deployment').spec.template.spec.containers;
  expect(container.env).toEqual([{ name: 'DATABASE_URL', value: 'file:/data/orders.db' }]);
  expect(compose.services.app.environment.DATABASE_URL).toBe('file:/data/orders.db');
});
