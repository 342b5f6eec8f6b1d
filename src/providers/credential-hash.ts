import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const LENGTH = 32;

/**
 * A hash of a provider's credentials; scrypt limits guessing a password from it to a few dozen tries a second. It
 * changes with any setting of the provider.
 */
export function credentialHash(appId: string, settings: object): Promise<Buffer> {
  return promisify<string, string, number, Buffer>(scrypt)(
    JSON.stringify(settings),
    `bellhop ${appId}`,
    LENGTH,
  );
}
