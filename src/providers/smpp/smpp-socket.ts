import net, { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { SmppSettings } from './smpp-settings.js';
import { CONNECT_TIMEOUT_MS, trusting } from '../http-client/tls-connect.js';

/** The address of an SMSC. */
export interface SmppEndpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly ca?: string | undefined;
}

export function endpointOf(
  settings: Pick<SmppSettings, 'host' | 'port' | 'tls' | 'ca' | 'endpoint'>,
): SmppEndpoint {
  const { host = '', port, tls: overTls, ca, endpoint } = settings;
  if (endpoint === undefined) return { host, port, tls: overTls, ca };
  const url = new URL(endpoint);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || port),
    tls: url.protocol === 'smpps:',
    ca,
  };
}

/**
 * Connects. Unlike for HTTP, TLS offers no ALPN protocols: SMPP has none.
 *
 * @throws Error with Node's error code.
 */
export function openSocket({ host, port, tls: overTls, ca }: SmppEndpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = overTls
      ? tls.connect({
          host,
          port,
          secureContext: trusting(ca),
          ...(isIP(host) === 0 ? { servername: host } : {}),
        })
      : net.connect({ host, port });
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
    socket.once(overTls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}
