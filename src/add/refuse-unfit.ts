import { BadInputError } from '../base/errors.ts';
import { hasApi, isGateway, type ServiceManifest } from '../service/manifest.ts';
import type { Addition } from './addition.ts';

/** @throws BadInputError when the service is not of the sort that the addition is for. */
export function refuseUnfit({ kind, needs }: Addition, manifest: ServiceManifest): void {
  const { name } = manifest;
  if (needs === 'anything') return;
  if (needs === 'gateway') {
    if (isGateway(manifest)) return;
    throw new BadInputError(
      `${name} is no gateway that a ${kind} could be added to.`,
      'add it to one made with --kind gateway',
    );
  }
  if (isGateway(manifest)) {
    throw new BadInputError(
      `${name} is a gateway, to which no ${kind} can be added.`,
      'add it to a service made with --kind service',
    );
  }
  if (needs === 'api' && !hasApi(manifest)) {
    throw new BadInputError(
      `${name} has no API that an ${kind} could be added to: it was made with --style async.`,
      'add it to a service made with --style sync or both',
    );
  }
}
