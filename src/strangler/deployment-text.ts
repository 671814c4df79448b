import type { Document, Node } from 'yaml';

const mountPath = '/etc/strangler';

/** What the Deployment needs so that the rules come from a ConfigMap, by the list that it goes into. */
function itemsFor(service: string) {
  return {
    env: { name: 'STRANGLER_RULES', value: `${mountPath}/strangler.json` },
    volumeMounts: { name: 'strangler', mountPath, readOnly: true },
    volumes: { name: 'strangler', configMap: { name: `${service}-strangler` } },
  };
}

/** Kubernetes manifests whose Deployment mounts the rules; `undefined` when there is no such Deployment. */
export function withRulesMounted(manifests: string, service: string): Promise<string | undefined> {
  return changed(manifests, service, (list, item, lists) => {
    if (indexOf(lists, list, item.name) >= 0) return;
    if (lists.hasIn(list)) lists.addIn(list, item);
    else lists.setIn(list, lists.createNode([item]));
  });
}

/** The same without what `withRulesMounted` has put in. */
export function withoutRulesMounted(
  manifests: string,
  service: string,
): Promise<string | undefined> {
  return changed(manifests, service, (list, item, lists) => {
    const index = indexOf(lists, list, item.name);
    if (index < 0) return;
    lists.deleteIn([...list, index]);
    const left = lists.getIn(list);
    if (JSON.stringify(left) === '[]') lists.deleteIn(list);
  });
}

type Path = readonly (string | number)[];
type Item = ReturnType<typeof itemsFor>[keyof ReturnType<typeof itemsFor>];
type Change = (list: Path, item: Item, document: Document<Node>) => void;

/** Only what reads and writes back to the same text is edited, so that nothing of a person's is laid out anew. */
async function changed(
  manifests: string,
  service: string,
  change: Change,
): Promise<string | undefined> {
  const { parseAllDocuments } = await import('yaml');
  const documents = parseAllDocuments<Node>(manifests);
  if (!Array.isArray(documents)) return undefined;
  const written = () =>
    documents
      .map((document) => document.toString({ lineWidth: 0, flowCollectionPadding: false }))
      .join('');
  if (documents.some(({ errors }) => errors.length > 0) || written() !== manifests)
    return undefined;
  const deployment = documents.find(
    (document) =>
      document.get('kind') === 'Deployment' && document.getIn(['metadata', 'name']) === service,
  );
  const pod = ['spec', 'template', 'spec'];
  if (deployment?.hasIn([...pod, 'containers', 0]) !== true) return undefined;
  const { env, volumeMounts, volumes } = itemsFor(service);
  change([...pod, 'containers', 0, 'env'], env, deployment);
  change([...pod, 'containers', 0, 'volumeMounts'], volumeMounts, deployment);
  change([...pod, 'volumes'], volumes, deployment);
  return written();
}

function indexOf(document: Document<Node>, list: Path, name: string): number {
  const items: unknown = document.toJS();
  const found = list.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    items,
  );
  return Array.isArray(found) ? found.findIndex((item) => item?.name === name) : -1;
}
