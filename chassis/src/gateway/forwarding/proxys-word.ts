/**
 * Header fields that upstreams and their frameworks take for the word of a proxy. From outside they are
 * anybody's word, so they end here. By what they say; a name that ends in `-` stands for all that begin so.
 */
const names = {
  /** Who the caller is: what the usual gateways, single sign-ons and service meshes set. */
  identity: [
    ...['x-auth-', 'x-authenticated-', 'x-user', 'x-user-', 'x-remote-', 'remote-user', 'remote-'],
    ...['x-jwt-', 'x-id-token', 'x-userinfo', 'x-webauth-', 'x-credential-'],
    ...[
      'x-consumer-',
      'x-anonymous-consumer',
      'x-goog-authenticated-',
      'x-goog-iap-',
      'x-ms-client-',
    ],
    ...['x-ms-token-', 'x-amzn-oidc-', 'x-appengine-', 'x-apigee-', 'x-authentik-', 'x-pomerium-'],
    ...['x-vouch-', 'x-envoy-', 'cf-access-', 'oidc-', 'impersonate-', 'tailscale-', 'teleport-'],
    ...['dapr-', 'shib-', 'sm-', 'iv-'],
  ],
  /** Which certificate the caller has. */
  certificate: [
    ...[
      'client-cert',
      'client-cert-',
      'x-client-cert',
      'x-client-cert-',
      'x-client-verify',
      'x-client-dn',
    ],
    ...['ssl-client-', 'x-ssl-', 'x-tls-', 'x-arr-', 'x-amzn-mtls-', 'x-certificate-'],
  ],
  /** Which address the caller has. */
  address: [
    ...[
      'forwarded',
      'x-forwarded',
      'x-forwarded-',
      'x-real-ip',
      'x-client-ip',
      'x-cluster-client-ip',
    ],
    ...[
      'client-ip',
      'true-client-ip',
      'cf-connecting-',
      'cf-pseudo-',
      'cf-ip',
      'fastly-client-',
      'fly-',
    ],
    ...[
      'do-connecting-ip',
      'incap-client-ip',
      'x-sucuri-',
      'x-vercel-',
      'x-nf-',
      'x-azure-',
      'x-akamai-',
    ],
    ...['proxy-client-ip', 'wl-proxy-', 'x-proxyuser-ip', 'x-originating-', 'x-source-ip'],
  ],
  /** Which host, path, scheme or method was asked for. */
  target: [
    ...[
      'x-host',
      'x-http-host-override',
      'x-original-',
      'x-rewrite-',
      'x-replaced-',
      'x-script-name',
    ],
    ...['x-method', 'x-method-override', 'x-http-method', 'x-http-method-override', 'x-scheme'],
    ...['x-url-scheme', 'front-end-https', 'disguised-host', 'x-waws-', 'x-appservice-', 'proxy'],
  ],
};

const all = Object.values(names).flat();
const single = new Set(all);
const families = all.filter((name) => name.endsWith('-'));
const begun = new RegExp(`^(?:${families.join('|')})`);

/** Whether a field is for a proxy only to set. The name is in lower case. */
export function isProxysWord(name: string): boolean {
  return single.has(name) || begun.test(name);
}
