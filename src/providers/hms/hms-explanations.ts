import type { Explanation, Explanations } from '../explanation.js';

const PAGE =
  'https://developer.huawei.com/consumer/en/doc/HMSCore-References/https-send-api-0000001050986197';

/** A fault in a part of the request that the gateway generates itself. */
const malformed = (cause: string): Explanation => ({
  cause: `${cause} The gateway sets this itself, so a proxy at \`endpoint\` may have changed it.`,
  fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop.',
  link: PAGE,
});

/** A field that the gateway never sends. */
const foreign = (cause: string): Explanation => ({
  cause: `${cause} The gateway sends none, so a proxy at \`endpoint\` may have added it.`,
  fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop.',
  link: PAGE,
});

const temporary = (cause: string): Explanation => ({
  cause,
  fix: 'Nothing to do: the gateway retries by itself.',
  link: PAGE,
});

/** Meanings of Push Kit's codes; the keys are those of `HMS_CODES`. */
export const HMS_EXPLANATIONS: Explanations = {
  // The token
  80300007: {
    cause: 'The token belongs to another app than `appId`, or is truncated or no longer valid.',
    fix: 'Nothing to do for a single device: the gateway retires the token; the app registers a new one at its next start. If all devices get this code, compare `appId` with the App ID in AppGallery Connect.',
    link: PAGE,
  },
  80100000: {
    cause:
      'Huawei does not accept the token: it is truncated, belongs to another app or is no longer valid. Apps without a required permission get the same answer.',
    fix: 'Let the app register its token again as Push Kit gives it. If all devices get this code, check in AppGallery Connect that Push Kit is enabled for the app.',
    link: PAGE,
  },
  // The message
  80100001: {
    cause:
      'A parameter of the message is invalid, for example a sound, a channel or a category that Huawei does not accept.',
    fix: 'Check `push.sound`, `push.androidChannelId`, `push.huaweiCategory` and what `rules` set. If these are right, report this code as a fault of Bellhop.',
    link: PAGE,
  },
  80100002: malformed('The request has more than one token where Huawei accepts one.'),
  80100003: {
    cause: 'The structure of the message is invalid: a field is missing or has the wrong type.',
    fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop.',
    link: PAGE,
  },
  80100004: {
    cause: 'The expiry time of the message has passed, usually because a clock is wrong.',
    fix: "Synchronise the clock of the gateway's host; if `endpoint` is set, check the proxy there.",
    link: PAGE,
  },
  80100013: malformed('The collapse key of the message is invalid.'),
  80100016: {
    cause: "The message contains words that Huawei's content check does not allow.",
    fix: 'Change the content before sending it again. With `then.body` of a rule, the push can show a neutral sentence instead.',
    link: PAGE,
  },
  80100017: foreign('The message names more topics than Huawei allows.'),
  80100018: foreign('The statistics tag (`bi_tag`) of the message is invalid.'),
  80300008: {
    cause:
      'The message is larger than 4,096 bytes, which Huawei does not accept. The gateway shortens pushes to this size, so a proxy at `endpoint` may have changed it.',
    fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop and remove fields from `push.customJson` meanwhile.',
    link: PAGE,
  },
  80300010: malformed('The request has too many tokens, or none.'),
  // Account and settings
  80200001: {
    cause:
      'Huawei did not accept the access token. If retries fail as well, `appId` and `appSecret` usually belong to different apps.',
    fix: 'Compare `appId` and `appSecret` with the project settings in AppGallery Connect.',
    link: PAGE,
  },
  80200003: {
    cause:
      'The access token has expired or was revoked early. The gateway retries with a new one; if that fails as well, the credentials are no longer valid.',
    fix: 'Nothing to do if the retry succeeds. Otherwise compare `appId` and `appSecret` with the project settings in AppGallery Connect.',
    link: PAGE,
  },
  80300002: {
    cause:
      'The app may not send this push: usually `appId` is that of another app, or Push Kit is not enabled.',
    fix: 'Compare `appId` with the App ID in the project settings of AppGallery Connect, and enable Push Kit there.',
    link: PAGE,
  },
  80300011: {
    cause: 'The app has no permission from Huawei for messages of high priority.',
    fix: 'Apply for the permission in AppGallery Connect. Until then, set `then.priority` to `normal` in a rule; calls always need the permission.',
    link: PAGE,
  },
  // Huawei
  80000001: temporary('A fault at Huawei: the message was not processed.'),
  80600003: temporary("Huawei's own token service did not answer, so the access token could not be checked."),
  81000001: temporary('An internal fault at Huawei: the message was not processed.'),
};
