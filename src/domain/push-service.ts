/**
 * The push services of the browsers: Chrome and most others (Chromium itself names the second host), Firefox, Edge on
 * Windows, Safari. A dot in front stands for any host of that domain.
 */
const KNOWN_HOSTS = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  '.push.services.mozilla.com',
  '.notify.windows.com',
  '.push.apple.com',
] as const;

/**
 * The origin of a push service that may be called, from a subscription's endpoint. A browser hands the endpoint out and
 * anyone may register one, so without this a registration could make the gateway call any address, also inner ones.
 *
 * @param allowed origins beside the known ones.
 * @returns undefined where it is none of them, or no address at all.
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
