import type { FastifyRequest } from 'fastify';
import { plainAddress } from '../callers/network.ts';
import { isHost } from '../edge/request-fault.ts';

/**
 * Who asked for what, as the gateway has seen it itself or heard from a proxy that it trusts
 * (`TRUSTED_PROXIES`): names and values in turn. The caller comes first, then the proxies. What a
 * caller says of itself to the first of these is not among it.
 */
export function forwardedHeaders(request: FastifyRequest): string[] {
  const addresses = (request.ips ?? [request.ip]).map(plainAddress).reverse();
  const told = request.host;
  const host = isHost(told) ? told : (request.headers.host ?? '');
  const proto = request.protocol === 'https' ? 'https' : 'http';
  const [caller, ...proxies] = addresses.map(nodeName);
  const first = [`for=${caller}`, ...(host === '' ? [] : [`host="${host}"`]), `proto=${proto}`];
  return [
    ...['x-forwarded-for', addresses.join(', ')],
    ...(host === '' ? [] : ['x-forwarded-host', host]),
    ...['x-forwarded-proto', proto],
    ...['forwarded', [first.join(';'), ...proxies.map((proxy) => `for=${proxy}`)].join(', ')],
  ];
}

/** As RFC 7239, 6 writes it. */
function nodeName(address: string): string {
  return address.includes(':') ? `"[${address}]"` : address;
}
