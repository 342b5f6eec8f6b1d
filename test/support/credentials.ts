import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTPayload,
} from 'jose';

export interface TokenOptions {
  readonly alg?: string;
  /** Seconds from now; null: no expiry. */
  readonly expiresIn?: number | null;
  readonly kid?: string;
}

/** A JSON Web Token of one user, valid for an hour by default. */
export function signToken(
  claims: JWTPayload,
  key: string | Uint8Array | CryptoKey,
  { alg = 'HS256', expiresIn = 3_600, kid }: TokenOptions = {},
): Promise<string> {
  const token = new SignJWT(claims).setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) });
  if (expiresIn !== null) token.setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn);
  return token.sign(typeof key === 'string' ? new TextEncoder().encode(key) : key);
}

/** A token with `alg: none`. */
export function unsignedToken(claims: JWTPayload): string {
  return new UnsecuredJWT(claims).setExpirationTime('1h').encode();
}

export interface JwksServer {
  readonly url: string;
  readonly privateKey: CryptoKey;
  /** The public key, which is known to a forger, too. */
  readonly publicPem: string;
  close(): Promise<void>;
}

/** Serves one RS256 key with the id `k1`, as an identity provider does. */
export async function startJwksServer(): Promise<JwksServer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  const body = JSON.stringify({ keys: [{ ...jwk, kid: 'k1', alg: 'RS256', use: 'sig' }] });
  const server: Server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    privateKey,
    publicPem: await exportSPKI(publicKey),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
