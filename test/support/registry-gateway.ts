import type { LightMyRequestResponse } from 'fastify';
import { startJwksServer, signToken, type JwksServer } from './credentials.js';
import { startTestGateway, type TestGateway } from './gateway.js';

export const JWT_SECRET = 'client-secret-of-app-one';
export const API_KEY = 'backend-key-of-app-one';
/** The web origin of app `one`. */
export const WEB_APP = 'https://app.example.com';
/** Rate limit of app `two` per minute. */
export const ADDRESS_LIMIT = 100;
const OTHER_KEY = 'backend-key-of-app-two';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Headers = Readonly<Record<string, string>>;

/** Two apps: `one` with a shared JWT secret, `two` with published keys, and one API key valid for both. */
export interface RegistryGateway {
  readonly gateway: TestGateway;
  readonly jwks: JwksServer;
  call(method: Method, url: string, headers: Headers, body?: unknown): Promise<LightMyRequestResponse>;
  /** Sends a request as the backend of app `one`. */
  backend(method: Method, url: string, body?: unknown): Promise<LightMyRequestResponse>;
  /** Sends a request as a client of app `one`, by default in a new session. */
  client(uid: string, sessionId?: string | null): Promise<Headers>;
  close(): Promise<void>;
}

export async function startRegistryGateway(): Promise<RegistryGateway> {
  const jwks = await startJwksServer();
  const common = {
    region: 'us',
    webhook: { basicAuth: [{ username: 'cometchat', password: 'webhook' }] },
    sms: { defaultCountry: 'US', providers: [{ id: 'sandbox', type: 'sandbox' }] },
  };
  const apps = [
    {
      ...common,
      appId: 'one',
      clients: {
        apiKeys: [API_KEY, 'shared-backend-key'],
        jwt: { secret: JWT_SECRET },
        mayChangeContact: true,
        allowedOrigins: [WEB_APP],
      },
      push: { providers: [{ id: 'default', type: 'sandbox' }] },
    },
    {
      ...common,
      appId: 'two',
      clients: {
        apiKeys: [OTHER_KEY, 'shared-backend-key'],
        jwt: { jwksUrl: jwks.url, issuer: 'https://issuer.example', audience: 'bellhop', uidClaim: 'user' },
        limits: { perAddressPerMinute: ADDRESS_LIMIT },
      },
      push: { providers: [{ id: 'default', type: 'sandbox' }] },
    },
  ];
  const gateway = await startTestGateway({ config: { apps } });
  const call: RegistryGateway['call'] = (method, url, headers, body) =>
    gateway.request({
      method,
      url,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    gateway,
    jwks,
    call,
    backend: (method, url, body) => call(method, url, { apikey: API_KEY }, body),
    client: async (uid, sessionId = `session of ${uid}`) => {
      const token = await signToken(
        { sub: uid, ...(sessionId === null ? {} : { sid: sessionId }) },
        JWT_SECRET,
      );
      return { authorization: `Bearer ${token}`, appid: 'one' };
    },
    close: async () => {
      await gateway.close();
      await jwks.close();
    },
  };
}
