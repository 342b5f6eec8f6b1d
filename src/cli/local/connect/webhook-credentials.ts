import { randomBytes } from 'node:crypto';
import type { CustomProvider } from '../../../platform/cometchat/custom-provider.js';
import { SAFE_PASSWORD_LENGTH } from '../../../platform/config/process-settings.js';
import { isPlaceholder } from '../../../platform/config/placeholders.js';
import type { AppSettings } from '../../../platform/config/app-settings.js';

const RANDOM_BYTES = 20;
/** CometChat accepts letters and digits, up to 50 for the username and 100 for the password. */
const USERNAME = /^[A-Za-z0-9]{1,50}$/;
const PASSWORD = /^[A-Za-z0-9]{1,100}$/;

export interface WebhookCredentials {
  readonly username: string;
  readonly password: string;
  /** Whether the configuration lacks them. */
  readonly isGenerated: boolean;
}

/**
 * The credentials for CometChat: those that it has if they are configured, else the last usable pair of the
 * configuration, as a new pair is added at the end, else new ones.
 */
export function credentialsFor(
  { webhook }: AppSettings,
  current: readonly (CustomProvider | undefined)[],
): WebhookCredentials {
  const configured = webhook.basicAuth ?? [];
  const usable = configured.filter(isUsable);
  const known = configured.find(({ username, password }) =>
    current.some((provider) => provider?.username === username && provider.password === password),
  );
  const pair = known ?? usable.at(-1);
  if (pair) return { username: pair.username, password: pair.password, isGenerated: false };
  return { username: 'cometchat', password: randomBytes(RANDOM_BYTES).toString('hex'), isGenerated: true };
}

function isUsable({ username, password }: { username: string; password: string }): boolean {
  return (
    USERNAME.test(username) &&
    PASSWORD.test(password) &&
    password.length >= SAFE_PASSWORD_LENGTH &&
    !isPlaceholder(password)
  );
}
