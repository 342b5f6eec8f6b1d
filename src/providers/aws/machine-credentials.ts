import { ProviderMisconfigured, ProviderUnavailable } from '../../domain/outcome.js';
import { within } from '../../platform/timing/within.js';
import type { AccessToken } from '../access-tokens.js';

/** An access key, with a session token if it is temporary. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/**
 * Fetches the machine's credentials from the sources of AWS's own tools: environment, profile, web identity, container,
 * instance. The library sends the requests itself.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 *
 * @returns a function that fetches on each call.
 */
export function credentialsOfMachine(timeoutMs: number): () => Promise<AccessToken<AwsCredentials>> {
  let hadCredentials = false;
  return async () => {
    // Loaded on demand: most accounts have keys.
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    // A new provider for each fetch; its cache would be as old as ours.
    const fetching = defaultProvider()().catch(() => {
      // The library's messages contain file names and URLs, and report every fault as missing credentials.
      throw hadCredentials
        ? new ProviderUnavailable({ vendorCode: 'no_credentials' })
        : new ProviderMisconfigured({ vendorCode: 'no_credentials', ofCredentials: true });
    });
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await within(
      timeoutMs,
      fetching,
      () => new ProviderUnavailable({ vendorCode: 'credentials_timeout' }),
    );
    hadCredentials = true;
    return {
      value: { accessKeyId, secretAccessKey, sessionToken },
      servesMs: expiration ? expiration.getTime() - Date.now() : Number.POSITIVE_INFINITY,
    };
  };
}
