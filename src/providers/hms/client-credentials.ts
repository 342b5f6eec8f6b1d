import { ProviderMisconfigured, ProviderUnavailable } from '../../domain/outcome.js';
import { HttpFault, type HttpClient } from '../http-client/http-client.js';
import type { AccessToken } from '../access-tokens.js';
import { jsonObject } from '../vendor-request.js';

export interface ClientCredentials {
  readonly client: HttpClient;
  readonly path: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly timeoutMs: number;
}

/**
 * Fetches access tokens from Huawei with the app's client credentials.
 * https://developer.huawei.com/consumer/en/doc/HMSCore-Guides/open-platform-oauth-0000001053629189
 *
 * @returns a function that fetches a new token on each call.
 */
export function tokensOfClient({
  client,
  path,
  appId,
  appSecret,
  timeoutMs,
}: ClientCredentials): () => Promise<AccessToken> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: appSecret,
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  return async () => {
    const { status, body } = await client
      .request({ method: 'POST', path, headers, body: form.toString(), timeoutMs })
      .catch((error: unknown) => {
        // The push itself has not been sent, so `mayHaveBeenSent` stays unset.
        throw error instanceof HttpFault ? new ProviderUnavailable({ vendorCode: error.code }) : error;
      });
    const answer = jsonObject(body);
    const value = answer?.['access_token'];
    const seconds = Number(answer?.['expires_in']);
    if (status < 300 && typeof value === 'string' && seconds > 0) return { value, servesMs: seconds * 1_000 };
    const code = answer?.['error'];
    const isTransient = status >= 500 || status === 408 || status === 429 || status < 300;
    const vendorCode =
      typeof code === 'number' ? `token_${code}` : status < 300 ? 'token_invalid_answer' : `token_${status}`;
    throw isTransient
      ? new ProviderUnavailable({ vendorCode })
      : new ProviderMisconfigured({ vendorCode, ofCredentials: true });
  };
}
