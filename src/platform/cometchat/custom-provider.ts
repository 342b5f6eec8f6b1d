import { field } from './cometchat-connection.js';

/** CometChat's setting for the webhooks of one channel. */
export interface CustomProvider {
  readonly isEnabled: boolean;
  readonly webhookUrl: string;
  readonly usesBasicAuth: boolean;
  readonly username: string;
  /** Null if CometChat does not show it. */
  readonly password: string | null;
  /** SMS only: CometChat calls only for users whose number is stored with it. */
  readonly storedNumbersOnly: boolean;
}

/** A provider of CometChat's own, which it calls besides or instead of the webhook. */
export interface BuiltInProvider {
  readonly channel: 'push' | 'sms';
  readonly type: 'fcm' | 'apns' | 'twilio';
  /** Its `providerId`; null for Twilio, of which there is one. */
  readonly id: string | null;
}

/** CometChat's answer is `{"data":{"pushProviders":[{…}]}}` for push and `{"data":{…}}` for SMS. */
export function readCustomProvider(json: object | undefined): CustomProvider | undefined {
  const [provider] = providersIn(json);
  const webhookUrl = field(provider, 'webhookURL');
  if (typeof webhookUrl !== 'string') return undefined;
  const username = field(provider, 'basicAuthUsername');
  const password = field(provider, 'basicAuthPassword');
  return {
    isEnabled: field(provider, 'isEnabled') === true,
    webhookUrl,
    usesBasicAuth: field(provider, 'useBasicAuth') === true,
    username: typeof username === 'string' ? username : '',
    password: typeof password === 'string' && !isMasked(password) ? password : null,
    storedNumbersOnly: field(provider, 'useStoredPhNo') === true,
  };
}

/** The body in which CometChat expects the setting; the password must be known. */
export function customProviderBody(
  channel: 'push' | 'sms',
  { isEnabled, webhookUrl, usesBasicAuth, username, password, storedNumbersOnly }: CustomProvider,
): object {
  return {
    isEnabled,
    webhookURL: webhookUrl,
    useBasicAuth: usesBasicAuth,
    basicAuthUsername: username,
    basicAuthPassword: password ?? '',
    ...(channel === 'sms' ? { useStoredPhNo: storedNumbersOnly } : {}),
  };
}

/** The ids of the enabled providers in an answer of FCM, APNs or Twilio. The switch is not shown everywhere. */
export function readBuiltInProviders(json: object | undefined): (string | null)[] {
  return providersIn(json)
    .filter((provider) => field(provider, 'isEnabled') !== false && hasContent(provider))
    .map((provider) => {
      const id = field(provider, 'providerId');
      return typeof id === 'string' && id !== '' ? id : null;
    });
}

function providersIn(json: object | undefined): readonly unknown[] {
  const data = field(json, 'data');
  const list: unknown = field(data, 'pushProviders') ?? data;
  return Array.isArray(list) ? list : [list];
}

const hasContent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

const isMasked = (password: string): boolean => /^[*•●.…xX]*$/.test(password);
