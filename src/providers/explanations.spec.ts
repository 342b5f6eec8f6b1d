import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { APNS_REASONS } from './apns/apns-errors.js';
import { AWS_EVENTS } from './aws/aws-callbacks.js';
import { AWS_CODES, AWS_FIELDS } from './aws/aws-errors.js';
import { EXPO_CODES } from './expo/expo-errors.js';
import { explanationOf, type CodeOrigin } from './explanations.js';
import { FCM_CODES } from './fcm/fcm-errors.js';
import { HMS_CODES } from './hms/hms-errors.js';
import { HTTP_STATUSES } from './http/http-errors.js';
import { INFOBIP_ERRORS, INFOBIP_STATUSES } from './infobip/infobip-errors.js';
import {
  MESSAGEBIRD_CODES,
  MESSAGEBIRD_REPORT_CODES,
  MESSAGEBIRD_REPORT_REASONS,
} from './messagebird/messagebird-errors.js';
import { PLIVO_REPORT_CODES, PLIVO_STATUSES, PLIVO_WORDS } from './plivo/plivo-errors.js';
import { SINCH_DELIVERY_CODES } from './sinch/sinch-callbacks.js';
import { SINCH_CODES } from './sinch/sinch-errors.js';
import { SMPP_STATUSES } from './smpp/smpp-errors.js';
import { RECEIPT_STATES } from './smpp/smpp-receipt.js';
import { TELNYX_CODES, TELNYX_REPORT_CODES } from './telnyx/telnyx-errors.js';
import { TWILIO_CODES } from './twilio/twilio-errors.js';
import { VONAGE_REPORT_CODES, VONAGE_STATUSES } from './vonage/vonage-errors.js';
import { WEB_PUSH_REASONS, WEB_PUSH_STATUSES } from './webpush/web-push-errors.js';

type Case = readonly [type: string, origin: CodeOrigin, codes: readonly string[]];
const codes = (...tables: readonly object[]): string[] => tables.flatMap((table) => Object.keys(table));

/** Infobip's tables are keyed by id; the ledger has the names, which stand in the comments. */
function infobipNames(table: object): string[] {
  const source = readFileSync(new URL('./infobip/infobip-errors.ts', import.meta.url), 'utf8');
  return Object.keys(table).map((id) => {
    const name = new RegExp(`^  ${id}: .*// ([A-Z][A-Z_0-9]+)`, 'm').exec(source)?.[1];
    if (name === undefined) throw new Error(`The comment of ${id} names no code.`);
    return name;
  });
}

const CASES: readonly Case[] = [
  ['apns', 'attempt', codes(APNS_REASONS)],
  ['apns-voip', 'attempt', codes(APNS_REASONS)],
  ['fcm', 'attempt', codes(FCM_CODES)],
  ['hms', 'attempt', codes(HMS_CODES)],
  ['expo', 'attempt', codes(EXPO_CODES)],
  ['webpush', 'attempt', codes(WEB_PUSH_STATUSES, WEB_PUSH_REASONS)],
  [
    'aws',
    'attempt',
    [...codes(AWS_CODES), ...codes(AWS_FIELDS).map((field) => `ValidationException:${field}`)],
  ],
  ['aws', 'report', codes(AWS_EVENTS)],
  ['twilio', 'attempt', codes(TWILIO_CODES)],
  ['twilio', 'report', codes(TWILIO_CODES)],
  ['vonage', 'attempt', codes(VONAGE_STATUSES)],
  ['vonage', 'report', codes(VONAGE_REPORT_CODES)],
  ['plivo', 'attempt', codes(PLIVO_WORDS, PLIVO_STATUSES)],
  ['plivo', 'report', codes(PLIVO_REPORT_CODES)],
  ['telnyx', 'attempt', codes(TELNYX_CODES)],
  ['telnyx', 'report', codes(TELNYX_REPORT_CODES)],
  ['messagebird', 'attempt', codes(MESSAGEBIRD_CODES)],
  ['messagebird', 'report', codes(MESSAGEBIRD_REPORT_CODES, MESSAGEBIRD_REPORT_REASONS)],
  ['infobip', 'attempt', infobipNames(INFOBIP_STATUSES)],
  ['infobip', 'report', infobipNames(INFOBIP_ERRORS)],
  ['sinch', 'attempt', codes(SINCH_CODES)],
  ['sinch', 'report', codes(SINCH_DELIVERY_CODES)],
  ['smpp', 'attempt', codes(SMPP_STATUSES)],
  ['smpp', 'report', codes(RECEIPT_STATES)],
  ['http', 'attempt', codes(HTTP_STATUSES)],
];

describe('every code of every error table', () => {
  it.each(CASES)('of %s, %s, has a cause, a fix and a page', (type, origin, known) => {
    expect(known.length).toBeGreaterThan(1);
    const explained = known.map((code) => ({ code, ...explanationOf(type, code, origin) }));
    expect(
      explained.filter(({ cause, fix }) => !/.\.$/.test(cause ?? '') || !/.\.$/.test(fix ?? '')),
    ).toEqual([]);
    expect(explained.filter(({ link }) => !/^(https:\/\/|docs\/)\S+$/.test(link ?? ''))).toEqual([]);
  });
});

describe('explanationOf', () => {
  it('explains the general part of a code with details', () => {
    expect(explanationOf('smpp', 'UNDELIV:027', 'report')).toBe(explanationOf('smpp', 'UNDELIV', 'report'));
    expect(explanationOf('fcm', 'token_403', 'attempt')?.cause).toContain('access token');
  });

  it('explains connection errors and HTTP statuses of any vendor', () => {
    expect(explanationOf('fcm', 'ECONNREFUSED', 'attempt')).toBeDefined();
    expect(explanationOf('twilio', '503', 'attempt')).toBeDefined();
    expect(explanationOf('removed-vendor', 'timeout', 'attempt')).toBeDefined();
  });

  it('takes no number of a delivery report for an HTTP status', () => {
    expect(explanationOf('twilio', '503', 'report')).toBeUndefined();
  });

  it('tells codes of attempts from those of reports', () => {
    expect(explanationOf('vonage', '9', 'attempt')?.cause).not.toBe(
      explanationOf('vonage', '9', 'report')?.cause,
    );
  });

  it('knows nothing of an undocumented code', () => {
    expect(explanationOf('apns', 'toString', 'attempt')).toBeUndefined();
    expect(explanationOf('constructor', 'New', 'attempt')).toBeUndefined();
  });

  it.each([
    ['apns', 'BadDeviceToken', { environment: 'production' }, 'It was registered as production.'],
    [
      'apns',
      'DeviceTokenNotForTopic',
      { settings: { bundleId: 'com.a' } },
      'The push went to the topic com.a.voip.',
    ],
    [
      'apns',
      'InvalidProviderToken',
      { settings: { keyId: 'K', teamId: 'T' } },
      'The token was signed with keyId K and teamId T.',
    ],
  ])('adds what the gateway knows about %s %s', (type, code, context, detail) => {
    expect(explanationOf(type, code, 'attempt')?.detail?.({ kind: 'apns-voip', ...context })).toBe(detail);
  });
});
