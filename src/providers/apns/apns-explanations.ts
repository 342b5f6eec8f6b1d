import type { Explanation, ExplanationContext, Explanations } from '../explanation.js';

const PAGE =
  'https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns';
const KEYS_PAGE =
  'https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns';

/** A fault in a part of the request that the gateway generates itself. */
const malformed = (cause: string): Explanation => ({
  cause: `${cause} The gateway sets this itself, so a proxy at \`endpoint\` may have changed it.`,
  fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop.',
  link: PAGE,
});

const temporary = (cause: string): Explanation => ({
  cause,
  fix: 'Nothing to do: the gateway retries by itself.',
  link: PAGE,
});

function topicUsed({ kind, settings }: ExplanationContext): string | undefined {
  if (!settings || !('bundleId' in settings)) return undefined;
  const bundleId = String(settings.bundleId);
  return `The push went to the topic ${kind === 'apns-voip' ? `${bundleId}.voip` : bundleId}.`;
}

/** Both are shown in Apple's console and are no secrets. */
function keyUsed({ settings }: ExplanationContext): string | undefined {
  if (!settings || !('keyId' in settings && 'teamId' in settings)) return undefined;
  return `The token was signed with keyId ${String(settings.keyId)} and teamId ${String(settings.teamId)}.`;
}

/** Meanings of APNs' reasons; the keys are those of `APNS_REASONS`. */
export const APNS_EXPLANATIONS: Explanations = {
  // The token
  BadDeviceToken: {
    cause:
      'Apple does not know this token in the environment it was sent to: a debug build has a sandbox token, an App Store or TestFlight build a production token. Firebase tokens and truncated tokens get the same answer.',
    detail: ({ environment }) => environment && `It was registered as ${environment}.`,
    fix: 'Register the device with the `environment` of its build, and send the token as the phone gives it.',
    link: PAGE,
  },
  Unregistered: {
    cause: 'The app was removed from the device, or the token was replaced by a newer one.',
    fix: 'Nothing to do: the gateway retires the token; the app registers a new one at its next start.',
    link: PAGE,
  },
  ExpiredToken: {
    cause: 'The token has expired, usually because the app was removed from the device or has a newer token.',
    fix: 'Nothing to do: the gateway retires the token; the app registers a new one at its next start.',
    link: PAGE,
  },
  // Message
  BadCollapseId: malformed('The collapse id of the push is longer than 64 bytes.'),
  BadExpirationDate: malformed('The expiry time of the push is invalid.'),
  BadMessageId: malformed('The id of the push is not a UUID.'),
  BadPriority: malformed('The priority of the push is invalid.'),
  DuplicateHeaders: malformed('A header of the request was sent twice.'),
  InvalidPushType: malformed('The type of the push is unknown to Apple.'),
  MissingDeviceToken: malformed('The request path contains no device token.'),
  PayloadEmpty: malformed('The push arrived without content.'),
  PayloadTooLarge: {
    cause:
      'The push is larger than Apple accepts: 4,096 bytes, or 5,120 for VoIP. The gateway shortens pushes to this size, so a proxy at `endpoint` may have changed it.',
    fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop and remove fields from `push.customJson` meanwhile.',
    link: PAGE,
  },
  // Key, bundle id or environment
  BadTopic: {
    cause: '`bundleId` is not a valid bundle id, usually because it is misspelt.',
    fix: "Set `bundleId` to the bundle id of the app as shown in Xcode and in Apple's developer account.",
    link: PAGE,
  },
  MissingTopic: malformed('The request does not name the bundle id.'),
  TopicDisallowed: {
    cause:
      'The signing key may not send to this bundle id: `bundleId` is misspelt, the app belongs to another team, or the key is limited to other apps.',
    fix: "Compare `bundleId` and `teamId` with Apple's developer account, and check there which apps the key is for.",
    link: PAGE,
  },
  DeviceTokenNotForTopic: {
    cause:
      'The bundle id differs: the token belongs to another app than `bundleId`. Or a VoIP token was registered as a device token, or the reverse.',
    detail: topicUsed,
    fix: 'Compare `bundleId` with the bundle id of the build: pushes go to the topic `<bundleId>`, VoIP pushes to `<bundleId>.voip`. Register VoIP tokens as `voipToken` and the others as `deviceToken`.',
    link: PAGE,
  },
  BadCertificate: {
    cause:
      'Apple refused a client certificate. The gateway authenticates with a signing key, so the certificate is that of a proxy at `endpoint`.',
    fix: 'Remove the certificate from the proxy, or remove `endpoint`.',
    link: PAGE,
  },
  BadCertificateEnvironment: {
    cause:
      'A client certificate is for the other APNs environment. The gateway authenticates with a signing key, so the certificate is that of a proxy at `endpoint`.',
    fix: 'Remove the certificate from the proxy, or remove `endpoint`.',
    link: PAGE,
  },
  BadEnvironmentKeyIdInToken: {
    cause: 'The key named by `keyId` is limited to one APNs environment, and the push went to the other.',
    fix: "Use a key for this `environment`, or create one for sandbox and production in Apple's developer account.",
    link: KEYS_PAGE,
  },
  BadEnvironmentKeyInToken: {
    cause: 'The signing key is limited to one APNs environment, and the push went to the other.',
    fix: "Use a key for this `environment`, or create one for sandbox and production in Apple's developer account.",
    link: KEYS_PAGE,
  },
  UnrelatedKeyIdInToken: {
    cause:
      'Two signing keys were used on the same connection to Apple, usually because a proxy at `endpoint` sends the pushes of several accounts through one connection.',
    fix: 'If `endpoint` is set, let the proxy use separate connections for each key; otherwise check `keyId` and restart the gateway.',
    link: KEYS_PAGE,
  },
  Forbidden: {
    cause:
      'Apple refused the request without stating why. The signing key may have been revoked, or the membership of the developer account may have lapsed.',
    fix: "Check the key, the membership and pending agreements in Apple's developer account.",
    link: PAGE,
  },
  InvalidProviderToken: {
    cause:
      'The key id and the team id are swapped, or the signing key was revoked. If the key is new, it takes some hours until Apple knows it.',
    detail: keyUsed,
    fix: "Compare `keyId` and `teamId` with Apple's developer account, and check that `key` is the file of this key id. If the key was revoked, create a new one; if it is new, wait some hours.",
    link: KEYS_PAGE,
  },
  MissingProviderToken: {
    cause:
      'The push arrived without a provider token: the signing key (.p8) or its key id is not configured, or a certificate is expected. The gateway signs every push, so a proxy at `endpoint` may have removed the `authorization` header.',
    fix: 'Check `key` and `keyId`; if `endpoint` is set, check that the proxy passes the header on.',
    link: KEYS_PAGE,
  },
  ExpiredProviderToken: {
    cause: "The gateway's clock is wrong: a provider token signed within the last hour counts as expired.",
    fix: "Compare the clock of the gateway's host with the `Date` header of Apple's answers, and synchronise it.",
    link: KEYS_PAGE,
  },
  BadPath: {
    cause: 'The request path is wrong, usually because a proxy at `endpoint` rewrites it.',
    fix: 'Remove `endpoint`, or let the proxy pass `/3/device/…` on unchanged.',
    link: PAGE,
  },
  MethodNotAllowed: {
    cause:
      'The request was not a POST when it arrived, usually because a proxy at `endpoint` changes the method.',
    fix: 'Remove `endpoint`, or let the proxy pass requests on unchanged.',
    link: PAGE,
  },
  // Capacity
  TooManyProviderTokenUpdates: {
    cause:
      "Provider tokens were renewed more than once in 20 minutes. Usually another system uses the same signing key, or the clocks of the gateway's hosts differ.",
    fix: 'Nothing to do at first: the gateway retries by itself. If it recurs, synchronise the clocks and find the other systems that use this key.',
    link: KEYS_PAGE,
  },
  TooManyRequests: {
    cause: 'Too many pushes were sent to this device within a short time.',
    fix: 'Nothing to do: the gateway retries by itself. If it recurs, send fewer pushes to this user, for example with `rules`.',
    link: PAGE,
  },
  // Apple
  IdleTimeout: temporary('Apple closed the connection because it had been idle.'),
  InternalServerError: temporary('A fault at Apple: the push was not processed.'),
  ServiceUnavailable: temporary('APNs is temporarily unavailable.'),
  Shutdown: temporary('The APNs server that had the connection is shutting down.'),
};
