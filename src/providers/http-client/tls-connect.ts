import { isIP } from 'node:net';
import tls from 'node:tls';
import { codeOf } from '../../platform/errors/code-of.js';

/** Connect timeout in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** OpenSSL's code for the ALPN alert of RFC 7301. */
const NO_COMMON_PROTOCOL = /ALERT_NO_APPLICATION_PROTOCOL$/;

/** One per configured authority: creating one takes tens of milliseconds. */
const contexts = new Map<string | undefined, tls.SecureContext>();

/** The well-known certificate authorities plus, if given, `ca`. */
export function trusting(ca: string | undefined): tls.SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const made = tls.createSecureContext(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] });
  contexts.set(ca, made);
  return made;
}

/**
 * Opens a TLS connection for HTTP/2.
 *
 * @throws Error with Node's code for the fault, or `http2_not_offered`.
 */
export function connectHttp2(origin: URL, secureContext: tls.SecureContext): Promise<tls.TLSSocket> {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host,
      port: Number(origin.port || 443),
      // RFC 6066: an IP address is not a server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext,
      ALPNProtocols: ['h2'],
    });
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS).unref();
    const failed = (error: Error): void => {
      clearTimeout(timer);
      reject(NO_COMMON_PROTOCOL.test(codeOf(error) ?? '') ? http2NotOffered() : error);
    };
    const closed = (): void => failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    socket.setNoDelay(true);
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      if (socket.alpnProtocol === 'h2') {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(http2NotOffered());
    });
  });
}

const http2NotOffered = (): Error =>
  Object.assign(new Error('The server does not offer HTTP/2.'), { code: 'http2_not_offered' });
