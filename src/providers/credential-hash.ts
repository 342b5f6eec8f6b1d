import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const LENGTH = 32;

/**
 * A name for a provider's credentials that tells nobody what they are: a password cannot be guessed from it at more than
 * a few dozen tries a second. It is another one once any setting of the provider has changed.
 */
export function credentialHash(appId: string, settings: object): Promise<Buffer> {
  return promisify<string, string, number, Buffer>(scrypt)(
    JSON.stringify(settings),
    `bellhop ${appId}`,
    LENGTH,
  );
}
