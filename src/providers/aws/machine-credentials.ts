import { ProviderMisconfigured, ProviderUnavailable } from '../../domain/outcome.js';
import { within } from '../../platform/timing/within.js';
import type { AccessToken } from '../access-tokens.js';

/** A pair of keys, and the token of the session that they belong to where they are passing ones. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/**
 * Asks for the credentials of the machine, where AWS's own tools look for them: environment, profile, web identity,
 * container, instance. The library fetches by itself.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 *
 * @returns a function that fetches anew whenever it is called.
 */
export function credentialsOfMachine(timeoutMs: number): () => Promise<AccessToken<AwsCredentials>> {
  let hadSome = false;
  return async () => {
    // Loaded when it is needed: most accounts have keys.
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    // A provider of its own for each fetch: what it held would be as old as what is held here.
    const fetching = defaultProvider()().catch(() => {
      // The library's messages name files and addresses, and say of every fault that there are none.
      throw hadSome
        ? new ProviderUnavailable({ vendorCode: 'no_credentials' })
        : new ProviderMisconfigured({ vendorCode: 'no_credentials', ofCredentials: true });
    });
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await within(
      timeoutMs,
      fetching,
      () => new ProviderUnavailable({ vendorCode: 'credentials_timeout' }),
    );
    hadSome = true;
    return {
      value: { accessKeyId, secretAccessKey, sessionToken },
      servesMs: expiration ? expiration.getTime() - Date.now() : Number.POSITIVE_INFINITY,
    };
  };
}
