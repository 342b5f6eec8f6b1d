import { createPrivateKey } from 'node:crypto';
import type { Credential, ServiceAccount } from 'firebase-admin/app';
import { newId } from '../../platform/ids/new-id.js';
import { HttpFault, type HttpClient } from '../http-client/http-client.js';
import { within } from '../../platform/timing/within.js';
import { ProviderMisconfigured, ProviderUnavailable } from '../../domain/outcome.js';
import { isObject, jsonObject } from '../vendor-request.js';
import type { AccessToken } from '../access-tokens.js';

/** A service account file from Firebase. */
export interface ServiceAccountFile {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
}

/** The client and path for token requests. */
export interface TokenRoute {
  readonly client: HttpClient;
  readonly path: string;
  readonly timeoutMs: number;
}

/** @throws Error that describes the fault without showing the content. */
export function parseServiceAccount(text: string): ServiceAccountFile {
  const file = jsonObject(text);
  if (!file) throw new Error('serviceAccount is not a JSON object');
  for (const key of ['project_id', 'client_email', 'private_key']) {
    if (typeof file[key] !== 'string' || file[key] === '') throw new Error(`serviceAccount has no ${key}`);
  }
  const account = file as unknown as ServiceAccountFile;
  try {
    createPrivateKey(account.private_key);
  } catch {
    throw new Error('serviceAccount has a private_key that is not a key');
  }
  return account;
}

/**
 * Fetches access tokens from Google with firebase-admin's service account credential, over our own connections.
 *
 * @returns a function that fetches a new token on each call.
 */
export function tokensOfServiceAccount(
  account: ServiceAccountFile,
  route: TokenRoute,
): () => Promise<AccessToken> {
  let made: Promise<Credential> | undefined;
  return async () => {
    made ??= makeCredential(account, route);
    const invalidAnswer = new ProviderUnavailable({ vendorCode: 'token_invalid_answer' });
    return fetchToken(await made, invalidAnswer);
  };
}

/**
 * Fetches access tokens with the machine's credentials: a file named by the environment, or Google Cloud. The library
 * sends these requests itself.
 */
export function tokensOfMachine(timeoutMs: number): () => Promise<AccessToken> {
  return async () => {
    const { applicationDefault } = await import('firebase-admin/app');
    const none = new ProviderMisconfigured({ vendorCode: 'no_credentials', ofCredentials: true });
    return within(
      timeoutMs,
      fetchToken(applicationDefault(), none),
      () => new ProviderUnavailable({ vendorCode: 'token_timeout' }),
    );
  };
}

async function makeCredential(account: ServiceAccountFile, route: TokenRoute): Promise<Credential> {
  // Loaded on demand: it takes a fifth of a second.
  const { cert } = await import('firebase-admin/app');
  // firebase-admin caches credentials by their JSON; a unique field prevents sharing.
  const credential: CredentialInside = cert({ ...account, bellhop_id: newId() } as ServiceAccount);
  credential.getGoogleAuth?.();
  const transporter = credential.authClient?.transporter;
  // `cert` ignores its HTTP agent if the account is an object (13.10), and the endpoint is a constant in
  // google-auth-library; so the requests are intercepted in that library's transporter.
  if (!transporter) throw new Error('This version of firebase-admin cannot be given a token endpoint.');
  transporter.defaults.fetchImplementation = (_url, init) => sendTokenRequest(route, init);
  transporter.defaults.retryConfig = { retry: 0 }; // the queue retries
  return credential;
}

/** Fields of firebase-admin's credential that its types omit. */
interface CredentialInside extends Credential {
  getGoogleAuth?(): unknown;
  authClient?: {
    credentials?: { expiry_date?: number | null };
    transporter?: { defaults: { fetchImplementation?: typeof fetch; retryConfig?: { retry: number } } };
  };
}

async function sendTokenRequest(
  { client, path, timeoutMs }: TokenRoute,
  init?: RequestInit,
): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const body = await new Response(init?.body ?? null).text();
  const answer = await client.request({ method: 'POST', path, headers, body, timeoutMs });
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'content-type': 'application/json' },
  });
}

/** @param otherwise thrown for errors without a network fault or response. */
async function fetchToken(credential: CredentialInside, otherwise: Error): Promise<AccessToken> {
  // The library caches a token until five minutes before expiry; expiring the cache forces a new one.
  const held = credential.authClient?.credentials;
  if (held?.expiry_date) held.expiry_date = 1;
  try {
    const { access_token: value, expires_in: seconds } = await credential.getAccessToken();
    return { value, servesMs: seconds * 1_000 };
  } catch (error) {
    throw tokenFault(error) ?? otherwise;
  }
}

/** Maps a failed token request: refused by Google, or not answered. */
function tokenFault(error: unknown): ProviderMisconfigured | ProviderUnavailable | undefined {
  const fault = causeOf(error);
  if (fault) return new ProviderUnavailable({ vendorCode: fault.code });
  const response = isObject(error) ? error['response'] : undefined;
  if (isObject(response) && typeof response['status'] === 'number') {
    const { status, data } = response;
    const word = isObject(data) && typeof data['error'] === 'string' ? data['error'] : undefined;
    const vendorCode = word !== undefined && /^[a-z_]{1,40}$/.test(word) ? word : `token_${status}`;
    const isTransient = status >= 500 || status === 408 || status === 429 || status < 300;
    return isTransient
      ? new ProviderUnavailable({ vendorCode })
      : new ProviderMisconfigured({ vendorCode, ofCredentials: true });
  }
  const code = isObject(error) && typeof error['code'] === 'string' ? error['code'] : '';
  // From the machine's credentials, whose requests the library sends itself.
  if (/^E[A-Z]+$/.test(code)) return new ProviderUnavailable({ vendorCode: code });
  return undefined;
}

function causeOf(error: unknown): HttpFault | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if (at instanceof HttpFault) return at;
  }
  return undefined;
}
