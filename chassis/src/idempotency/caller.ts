import { createHash } from 'node:crypto';

/**
 * Names who sends a request, as far as this service is told: the subject of the caller's token, which stays
 * when the token is renewed, else whoever has these credentials. Callers without any are one.
 *
 * Nothing here verifies a token: that is the part of the gateway, or of whoever lets requests in.
 *
 * @param authorization the field `Authorization`, or the metadata of that name over gRPC.
 */
export function callerOf(authorization: unknown): string {
  if (typeof authorization !== 'string') return 'anonymous';
  return subjectOf(authorization) ?? createHash('sha256').update(authorization).digest('hex');
}

/** The issuer and subject of a JSON Web Token (RFC 7519). */
function subjectOf(authorization: string): string | undefined {
  const [, payload] = /^Bearer +[\w-]+\.([\w-]+)\.[\w-]*$/i.exec(authorization) ?? [];
  if (payload === undefined) return undefined;
  try {
    const { iss, sub } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof sub === 'string' ? JSON.stringify([iss, sub]) : undefined;
  } catch {
    return undefined;
  }
}
