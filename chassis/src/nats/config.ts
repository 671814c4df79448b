import { credsAuthenticator, type NodeConnectionOptions } from '@nats-io/transport-node';
import { z } from 'zod';
import type { ConfigPart } from '../config/index.ts';
import { secretFile, type TlsFiles } from '../credentials/index.ts';
import { tlsFrom, tlsVariables } from '../events/index.ts';

/** Where the NATS servers are, and how to log in. */
export type NatsConfig = Pick<
  NodeConnectionOptions,
  'servers' | 'user' | 'pass' | 'token' | 'authenticator' | 'tls'
>;

const form = 'nats://user:password@localhost:4222, tls:// for TLS, or several separated by commas';

/**
 * Reads where the servers are, and how to log in, from `NATS_URL`, or from the credentials (a JWT and the seed of its
 * key, as `nsc` writes them) of `NATS_CREDENTIALS_FILE`; see `EVENTS_TLS_*` for TLS.
 */
export const natsConfig = {
  schema: z
    .object({
      NATS_URL: z
        .string({ error: `must be set, such as ${form}` })
        .refine((text) => text.split(',').every(isServer), `must be such as ${form}`),
      NATS_CREDENTIALS_FILE: secretFile.optional(),
      ...tlsVariables,
    })
    .refine(
      ({ NATS_URL, NATS_CREDENTIALS_FILE }) =>
        NATS_CREDENTIALS_FILE === undefined || !NATS_URL.includes('@'),
      { path: ['NATS_URL'], error: 'must have no login beside NATS_CREDENTIALS_FILE' },
    )
    .transform((environment, context) =>
      configOf(
        environment.NATS_URL.split(',').map((url) => new URL(url)),
        tlsFrom(environment, context),
        environment.NATS_CREDENTIALS_FILE,
      ),
    ),
} satisfies ConfigPart<never, NatsConfig>;

function isServer(text: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return /^(nats|tls):$/.test(protocol) && hostname !== '';
  } catch {
    return false;
  }
}

/** A name without a password is a token; the first server that has either speaks for all. */
function configOf(
  urls: readonly URL[],
  tls: TlsFiles,
  credentials: (() => string) | undefined,
): NatsConfig {
  const { username = '', password = '' } = urls.find((url) => url.username !== '') ?? {};
  const [name, pass] = [username, password].map(decodeURIComponent);
  return {
    servers: urls.map(({ host }) => host),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: { ...tls } }),
    ...(name && (pass ? { user: name, pass } : { token: name })),
    // Its last line is one only if it ends.
    ...(credentials && {
      authenticator: credsAuthenticator(() => new TextEncoder().encode(`${credentials()}\n`)),
    }),
  };
}
