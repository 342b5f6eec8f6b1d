import { ECDH } from 'node:crypto';
import type { ApnsEnvironment } from '../../domain/apns-environment.js';
import type { Transport } from '../../domain/notification.js';
import { pushServiceOrigin } from '../../domain/push-service.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayError, type Fault } from '../../platform/errors/gateway-error.js';
import { TOKEN_FIELD_OF, TOKEN_FIELDS, TRANSPORT_OF, type Platform, type TokenField } from './platforms.js';
import { pushProviderOf } from './push-provider-of.js';
import { isApns, normaliseToken } from './token-hash.js';

type Maybe<T> = T | null | undefined;

/** Keys of a browser's push subscription, in base64url. */
export interface WebPushKeys {
  readonly p256dh: string;
  readonly auth: string;
}

/** Validated fields of a registration; null means absent. */
export interface RegistrationFields {
  readonly platform: Platform;
  readonly fcmToken?: Maybe<string>;
  readonly deviceToken?: Maybe<string>;
  readonly voipToken?: Maybe<string>;
  readonly pushToken?: Maybe<string>;
  readonly subscription?: Maybe<{ readonly endpoint: string; readonly keys: WebPushKeys }>;
  readonly providerId?: Maybe<string>;
  readonly timezone?: Maybe<string>;
  readonly locale?: Maybe<string>;
  readonly appVersion?: Maybe<string>;
  readonly environment?: Maybe<ApnsEnvironment>;
}

/** A registration, checked against its app's configuration. */
export interface Registration {
  readonly platform: Platform;
  readonly transport: Transport;
  readonly providerId: string;
  /** The push token; for Web Push the subscription's endpoint. */
  readonly token: string;
  readonly webPushKeys: WebPushKeys | null;
  /** APNs only. */
  readonly environment: ApnsEnvironment | null;
  /** Null: outside any session. Undefined: not given, so a known device keeps its session. */
  readonly sessionId: string | null | undefined;
  readonly timezone: string | null;
  readonly locale: string | null;
  readonly appVersion: string | null;
}

const DEFAULT_PROVIDER = 'default';
/** 32 bytes today; Apple advises against relying on it: https://developer.apple.com/documentation/usernotifications */
const APNS_TOKEN = /^[0-9a-f]{8,200}$/;
/** The pattern by which Expo's server SDK distinguishes its tokens from those of FCM and APNs. */
const EXPO_TOKEN = /^(Exponent|Expo)PushToken\[[^\]]+\]$/;

/**
 * Reads a registration.
 *
 * @throws GatewayError `DEVICE.INVALID_BODY` if it has no token, several, or one that does not fit its platform;
 *   `DEVICE.UNKNOWN_PROVIDER` if the app has no provider for it.
 */
export function readRegistration(
  fields: RegistrationFields,
  app: AppSettings,
  sessionId: string | null | undefined,
): Registration {
  const { platform } = fields;
  const transport = TRANSPORT_OF[platform];
  const providerId = fields.providerId ?? DEFAULT_PROVIDER;
  const field = tokenFieldIn(fields, transport);
  const given = field === 'subscription' ? fields.subscription?.endpoint : fields[field];
  const token = normaliseToken(given ?? '', transport);
  const webPushKeys = fields.subscription?.keys ?? null;

  const environment = isApns(transport) ? (fields.environment ?? null) : null;

  const provider = pushProviderOf(app.push.providers, { providerId, transport, environment });
  if (!provider) {
    const served = environment === null ? platform : `${platform} in ${environment}`;
    const problem = `names no push provider of this app that serves ${served}`;
    throw new GatewayError('DEVICE.UNKNOWN_PROVIDER', { errors: [{ path: 'providerId', problem }] });
  }
  // A sandbox accepts made-up addresses, so that the flow can be tried without a phone.
  const faults = provider.type === 'sandbox' ? [] : addressFaults(transport, field, token, webPushKeys);
  if (
    provider.type === 'webpush' &&
    pushServiceOrigin(token, provider.allowedEndpoints ?? []) === undefined
  ) {
    faults.push({ path: 'subscription.endpoint', problem: 'is not at a push service that this app allows' });
  }
  if (faults.length > 0) throw invalid(faults);

  return {
    platform,
    transport,
    providerId,
    token,
    webPushKeys: webPushKeys && { p256dh: webPushKeys.p256dh, auth: webPushKeys.auth },
    environment,
    sessionId,
    timezone: fields.timezone ?? null,
    locale: fields.locale ?? null,
    appVersion: fields.appVersion ?? null,
  };
}

/** The only field that holds a token. */
function tokenFieldIn(fields: RegistrationFields, transport: Transport): TokenField {
  const expected = TOKEN_FIELD_OF[transport];
  const [field, second] = TOKEN_FIELDS.filter((name) => fields[name] !== undefined && fields[name] !== null);
  if (field === undefined) throw invalid([{ path: expected, problem: `is required for ${fields.platform}` }]);
  if (second !== undefined) {
    throw invalid([{ path: second, problem: `is given beside ${field}: a device has one token` }]);
  }
  if (field !== expected && (field !== 'pushToken' || transport === 'webpush')) {
    throw invalid([
      { path: field, problem: `does not fit the platform: ${fields.platform} has ${expected}` },
    ]);
  }
  return field;
}

function invalid(errors: readonly Fault[]): GatewayError {
  return new GatewayError('DEVICE.INVALID_BODY', { errors });
}

/** Faults that keep the vendor from reaching an address. */
export function addressFaults(
  transport: Transport,
  field: TokenField,
  token: string,
  keys: WebPushKeys | null,
): Fault[] {
  switch (transport) {
    case 'fcm':
    case 'hms':
      return [];
    case 'expo':
      return EXPO_TOKEN.test(token)
        ? []
        : [{ path: field, problem: 'must be an Expo push token: ExponentPushToken[…]' }];
    case 'apns':
    case 'apns-voip':
      return APNS_TOKEN.test(token)
        ? []
        : [{ path: field, problem: 'must be an APNs token: 8 to 200 hex digits' }];
    case 'webpush':
      return [
        ...(isP256Point(keys?.p256dh ?? '')
          ? []
          : [
              {
                path: 'subscription.keys.p256dh',
                problem: 'must be a point on P-256: 65 bytes in base64url',
              },
            ]),
        ...(Buffer.from(keys?.auth ?? '', 'base64url').length === 16
          ? []
          : [{ path: 'subscription.keys.auth', problem: 'must be 16 bytes in base64url' }]),
      ];
  }
}

function isP256Point(base64url: string): boolean {
  const point = Buffer.from(base64url, 'base64url');
  try {
    // Throws if the point is not on the curve.
    return point.length === 65 && ECDH.convertKey(point, 'prime256v1').length === 65;
  } catch {
    return false;
  }
}
