import { isIP } from 'node:net';
import tls from 'node:tls';

/** How long a connection may take to be made, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** One for each authority that the settings name: making one takes tens of milliseconds. */
const contexts = new Map<string | undefined, tls.SecureContext>();

/** What is trusted: the well-known authorities and, where given, one more. */
export function trusting(ca: string | undefined): tls.SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const made = tls.createSecureContext(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] });
  contexts.set(ca, made);
  return made;
}

/**
 * Opens a TLS connection that may speak HTTP/2 or HTTP/1.1; its `alpnProtocol` tells which the server chose.
 *
 * @throws Error with Node's code for what went wrong.
 */
export function connectTls(origin: URL, secureContext: tls.SecureContext): Promise<tls.TLSSocket> {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host,
      port: Number(origin.port || 443),
      // RFC 6066: an address is no server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS).unref();
    const failed = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    const closed = (): void => failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    socket.setNoDelay(true);
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}
