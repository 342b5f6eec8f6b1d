import type { Explanation, Explanations } from '../explanation.js';

const PAGE = 'https://www.rfc-editor.org/rfc/rfc8030#section-5';
const VAPID_PAGE = 'https://www.rfc-editor.org/rfc/rfc8292';
const APPLE_PAGE =
  'https://developer.apple.com/documentation/usernotifications/sending-web-push-notifications-in-web-apps-and-browsers';

const temporary = (cause: string): Explanation => ({
  cause,
  fix: 'Nothing to do: the gateway retries by itself.',
  link: PAGE,
});

const overLimit = (cause: string): Explanation => ({
  cause,
  fix: 'Nothing to do: the gateway waits and retries. If it recurs on one device, send fewer pushes to this user, for example with `rules`.',
  link: PAGE,
});

/** Meanings of push services' statuses and reasons, as in `WEB_PUSH_STATUSES` and `WEB_PUSH_REASONS`. */
export const WEB_PUSH_EXPLANATIONS: Explanations = {
  400: {
    cause:
      'The push service could not read the request: usually the subscription is incomplete, or the service does not accept a header.',
    fix: 'Let the web app subscribe again and register the whole `subscription`. If all browsers of this service get 400, check `subject` and, if `endpoint` is set, the proxy there.',
    link: PAGE,
  },
  401: {
    cause:
      'The browser subscribed with another VAPID key, usually because the key pair was replaced. If all browsers are refused, the service does not accept `subject`, or a clock is wrong.',
    fix: 'Set the `publicKey` of the provider as `applicationServerKey` in the web app; browsers have to unsubscribe and subscribe again. Otherwise check `subject` and the clock of the host.',
    link: VAPID_PAGE,
  },
  403: {
    cause:
      'The browser subscribed with another VAPID key, usually because the key pair was replaced. If all browsers are refused, the service does not accept `subject`, or a clock is wrong.',
    fix: 'Set the `publicKey` of the provider as `applicationServerKey` in the web app; browsers have to unsubscribe and subscribe again. Otherwise check `subject` and the clock of the host.',
    link: VAPID_PAGE,
  },
  404: {
    cause: 'The push service does not know the subscription: it has expired or was cancelled in the browser.',
    fix: 'Nothing to do: the gateway retires the device; the web app registers a new subscription at its next start.',
    link: PAGE,
  },
  406: overLimit("Windows' push service limits the pushes to this browser or from this account."),
  408: temporary('The push service did not receive the request in time.'),
  410: {
    cause:
      'The subscription no longer exists: the user withdrew the permission or cleared the data of the site, or the browser replaced the subscription.',
    fix: 'Nothing to do: the gateway retires the device; the web app registers a new subscription at its next start.',
    link: PAGE,
  },
  413: {
    cause:
      'The push is larger than the push service accepts, usually 4,096 bytes. The gateway shortens pushes to this size, so this service may have a lower limit.',
    fix: 'Remove fields from `push.customJson` and from `then.data` of `rules`.',
    link: PAGE,
  },
  429: overLimit('The push service limits the pushes to this browser or from this account.'),
  500: temporary('A fault of the push service: the push was not processed.'),
  502: temporary('A fault within the push service: one of its servers did not answer properly.'),
  503: temporary('The push service is temporarily unavailable or overloaded.'),
  504: {
    cause: 'The push service did not finish the request in time and may have sent the push nevertheless.',
    fix: 'Nothing to do: the gateway retries by itself, and the browser may get the push twice.',
    link: PAGE,
  },
  BadJwtToken: {
    cause:
      'Apple does not accept the VAPID token: usually `subject` is not a real contact address, or a clock is wrong.',
    fix: 'Set `subject` to a `mailto:` or `https:` address of yours, and synchronise the clock of the host.',
    link: APPLE_PAGE,
  },
  VapidPkHashMismatch: {
    cause: 'The browser subscribed with another VAPID key, usually because the key pair was replaced.',
    fix: 'Set the `publicKey` of the provider as `applicationServerKey` in the web app; browsers have to unsubscribe and subscribe again.',
    link: APPLE_PAGE,
  },
};
