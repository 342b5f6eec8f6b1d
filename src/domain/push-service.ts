/**
 * Browser push services: Chrome and most others (Chromium uses the second host), Firefox, Edge on Windows, Safari. A
 * leading dot matches any host of that domain.
 */
const KNOWN_HOSTS = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  '.push.services.mozilla.com',
  '.notify.windows.com',
  '.push.apple.com',
] as const;

/**
 * The origin of a subscription's endpoint, if it belongs to a known push service. Anyone may register an endpoint;
 * without this check a registration could make the gateway call any address, internal ones included (SSRF).
 *
 * @param allowed origins in addition to the known ones.
 * @returns undefined if the endpoint is invalid or not allowed.
 */
export function pushServiceOrigin(endpoint: string, allowed: readonly string[]): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const { protocol, origin, hostname, port, username, password } = new URL(endpoint);
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  if (allowed.some((one) => new URL(one).origin === origin)) return origin;
  const isKnown = KNOWN_HOSTS.some((known) =>
    known.startsWith('.') ? hostname.endsWith(known) : hostname === known,
  );
  return isKnown && port === '' ? origin : undefined;
}
