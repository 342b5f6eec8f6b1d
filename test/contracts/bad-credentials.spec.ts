import { describe, expect, it } from '@jest/globals';
import { apnsVerdict } from '../../src/providers/apns/apns-errors.js';
import { readAwsError } from '../../src/providers/aws/aws-errors.js';
import { expoVerdict } from '../../src/providers/expo/expo-errors.js';
import { readFcmError } from '../../src/providers/fcm/fcm-errors.js';
import { hmsVerdict } from '../../src/providers/hms/hms-errors.js';
import { httpVerdict } from '../../src/providers/http/http-errors.js';
import { infobipVerdict } from '../../src/providers/infobip/infobip-errors.js';
import { messageBirdError } from '../../src/providers/messagebird/messagebird-errors.js';
import { plivoError } from '../../src/providers/plivo/plivo-errors.js';
import { sinchVerdict } from '../../src/providers/sinch/sinch-errors.js';
import { bindVerdict } from '../../src/providers/smpp/smpp-errors.js';
import { telnyxVerdict } from '../../src/providers/telnyx/telnyx-errors.js';
import { twilioVerdict } from '../../src/providers/twilio/twilio-errors.js';
import type { Verdict } from '../../src/providers/verdict.js';
import { vonageVerdict } from '../../src/providers/vonage/vonage-errors.js';
import { webPushVerdict } from '../../src/providers/webpush/web-push-errors.js';
import { fcmError } from '../support/fcm-server.js';

const fcm = (status: number, code: string | undefined): Verdict =>
  readFcmError(status, fcmError(status, code).body ?? '').verdict;
const aws = (type: string, reason?: string): Verdict =>
  readAwsError(400, JSON.stringify({ __type: type, Reason: reason }), undefined).verdict;

const REFUSALS: [string, Verdict][] = [
  ['APNs', apnsVerdict(403, 'InvalidProviderToken')],
  ['APNs, expired', apnsVerdict(403, 'ExpiredProviderToken')],
  ['APNs without a reason', apnsVerdict(403, undefined)],
  ['FCM', fcm(401, 'UNAUTHENTICATED')],
  ['FCM, for Apple or browsers', fcm(401, 'THIRD_PARTY_AUTH_ERROR')],
  ['FCM, not allowed', fcm(403, 'PERMISSION_DENIED')],
  ['FCM without a code', readFcmError(401, '').verdict],
  ['Web Push, 401', webPushVerdict(401, undefined)],
  ['Web Push, 403', webPushVerdict(403, undefined)],
  ['Web Push, Apple', webPushVerdict(403, 'BadJwtToken')],
  ['Expo', expoVerdict(401, 'UNAUTHORIZED')],
  ['Expo without a code', expoVerdict(403, undefined)],
  ['Huawei', hmsVerdict(200, '80200001')],
  ['Huawei without a code', hmsVerdict(401, undefined)],
  ['Twilio', twilioVerdict(401, 20003)],
  ['Twilio without a code', twilioVerdict(401, undefined)],
  ['Vonage', vonageVerdict(200, '4')],
  ['AWS', aws('UnrecognizedClientException')],
  ['AWS, signature', aws('InvalidSignatureException')],
  ['AWS, not allowed', aws('AccessDeniedException')],
  ['Plivo', plivoError(401, '', '').verdict],
  ['Telnyx', telnyxVerdict(401, '10009', undefined)],
  ['MessageBird', messageBirdError(401, 2, undefined, '').verdict],
  ['Infobip', infobipVerdict(401, undefined)],
  ['Sinch', sinchVerdict(401, undefined)],
  ['SMPP', bindVerdict('ESME_RINVPASWD')],
  ['SMPP, bind', bindVerdict('ESME_RBINDFAIL')],
  ['HTTP', httpVerdict(401)],
];

describe('the verdict of a vendor error', () => {
  it.each(REFUSALS)('blames the credentials: %s', (_name, verdict) => {
    expect(verdict).toEqual({ action: 'stop', ofCredentials: true });
  });

  it.each<[string, Verdict]>([
    ['a wrong APNs topic', apnsVerdict(400, 'BadTopic')],
    ['a browser that subscribed with another key', webPushVerdict(403, 'VapidPkHashMismatch')],
    ['an account out of credit', plivoError(402, '', '').verdict],
    ['a wrong Twilio sender', twilioVerdict(400, 21606)],
    ['an account that AWS has disabled', aws('AccessDeniedException', 'ACCOUNT_DISABLED')],
    ['an unknown URL of a gateway', httpVerdict(404)],
  ])('does not blame the credentials: %s', (_name, verdict) => {
    expect(verdict).toMatchObject({ action: 'stop' });
    expect(verdict).not.toHaveProperty('ofCredentials');
  });
});
