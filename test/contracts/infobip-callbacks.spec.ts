import { describe, expect, it } from '@jest/globals';
import { REASONS } from '../../src/domain/reason.js';
import { UnreadableCallback } from '../../src/providers/callback.js';
import {
  INFOBIP_EXCEPTIONS,
  INFOBIP_GROUPS,
  infobipCallbacks,
} from '../../src/providers/infobip/infobip-callbacks.js';
import { INFOBIP_ERRORS, INFOBIP_STATUSES } from '../../src/providers/infobip/infobip-errors.js';
import { postedAsJson, reasonOfEach } from '../support/sms-callback.js';

const readStatus = (...results: unknown[]): unknown => infobipCallbacks.readStatus(postedAsJson({ results }));

const REPORT = {
  bulkId: 'BULK-ID-123-xyz',
  messageId: '01234567-89ab-7def-8123-000000000001-1',
  to: '14155550100',
  sender: 'Bellhop',
  sentAt: '2026-01-02T03:04:04.000+0000',
  doneAt: '2026-01-02T05:04:05.678+0200',
  messageCount: 1,
  callbackData: 'our-reference',
  status: { groupId: 3, groupName: 'DELIVERED', id: 5, name: 'DELIVERED_TO_HANDSET' },
  error: { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', permanent: false },
};
const report = {
  vendorMessageId: REPORT.messageId,
  reference: 'our-reference',
  reason: null,
  at: new Date('2026-01-02T03:04:05.678Z'),
};

describe('the Infobip callback reader reading delivery reports', () => {
  it('checks no signature, so that the secret of the callback URL is required', () => {
    expect(infobipCallbacks.isSigned).toBeUndefined();
    expect(infobipCallbacks.answer).toBeUndefined();
  });

  it('reads several reports of one request', () => {
    const { callbackData: _, doneAt: __, error: ___, ...bare } = REPORT;
    expect(readStatus(REPORT, { ...bare, messageId: 'm-2' })).toEqual([
      { ...report, status: 'delivered', vendorCode: 'DELIVERED_TO_HANDSET' },
      {
        ...{ vendorMessageId: 'm-2', reference: null, reason: null, at: null },
        ...{ status: 'delivered', vendorCode: 'DELIVERED_TO_HANDSET' },
      },
    ]);
  });

  const GROUPS: Readonly<Record<number, string>> = {
    0: 'accepted',
    1: 'accepted',
    2: 'failed',
    3: 'delivered',
    4: 'failed',
    5: 'failed',
  };
  it('lists the outcome of every status group', () => {
    expect(Object.keys(GROUPS)).toEqual(Object.keys(INFOBIP_GROUPS));
  });
  it.each(Object.entries(GROUPS))('maps status group %s to %s', (groupId, status) => {
    const reason = status === 'failed' ? 'undelivered' : null;
    const said = { groupId: Number(groupId), id: 999, name: 'NEW_STATUS' };
    expect(readStatus({ ...REPORT, status: said })).toEqual([
      { ...report, status, reason, vendorCode: 'NEW_STATUS' },
    ]);
  });

  const EXCEPTIONS = { 2: 3, 29: 4 } as const;
  it('lists every status that its group does not describe', () => {
    expect(Object.keys(EXCEPTIONS)).toEqual(Object.keys(INFOBIP_EXCEPTIONS));
  });
  it.each(Object.entries(EXCEPTIONS))('maps status %s to accepted, whatever its group', (id, groupId) => {
    const said = { groupId, id: Number(id) };
    expect(readStatus({ ...REPORT, status: said })).toEqual([
      { ...report, status: 'accepted', vendorCode: id },
    ]);
  });

  const BY_STATUS: Readonly<Record<string, readonly number[]>> = {
    number_unreachable: [8, 52],
    country_not_allowed: [6],
    opted_out: [10, 14],
    message_refused: [18, 24, 51, 87],
    message_too_large: [25],
    undelivered: [4, 9, 15, 31],
    provider_over_quota: [20],
    no_credit: [12, 17],
    provider_misconfigured: [11, 13, 19],
    provider_unavailable: [21, 100],
  };
  const STATUS_ROWS = reasonOfEach(BY_STATUS);
  it('lists the reason of every status', () => {
    expect(STATUS_ROWS.map(([id]) => String(id)).sort()).toEqual(Object.keys(INFOBIP_STATUSES).sort());
  });
  it.each(STATUS_ROWS)('maps status %i to %s', (id, reason) => {
    const said = { groupId: 5, groupName: 'REJECTED', id, name: 'REJECTED_SOMEHOW' };
    const expected = [{ ...report, status: 'failed', reason, vendorCode: 'REJECTED_SOMEHOW' }];
    expect(readStatus({ ...REPORT, status: said })).toEqual(expected);
    const vague = { groupId: 1, groupName: 'HANDSET_ERRORS', id: 255, name: 'EC_UNKNOWN_ERROR' };
    expect(readStatus({ ...REPORT, status: said, error: vague })).toMatchObject([
      { reason, vendorCode: 'EC_UNKNOWN_ERROR' },
    ]);
  });

  const BY_ERROR: Readonly<Record<string, readonly number[]>> = {
    number_unreachable: [1, 5, 6, 9, 11, 12, 13, 27, 351, 352, 565, 568, 569, 629, 3041],
    opted_out: [573, 603, 2050, 2052],
    message_too_large: [355],
    message_refused: [561, 604, 607, 608, 4106, 5492],
    provider_over_quota: [541, 542, 609, 4103, 4104, 4202],
    no_credit: [4099],
    provider_misconfigured: [368, 375, 433, 488, 562, 563, 564, 572, 592, 2053],
  };
  const ERROR_ROWS = reasonOfEach(BY_ERROR);
  it('lists the reason of every error', () => {
    expect(ERROR_ROWS.map(([id]) => String(id)).sort()).toEqual(Object.keys(INFOBIP_ERRORS).sort());
    for (const [, reason] of ERROR_ROWS) expect(Object.keys(REASONS)).toContain(reason);
  });
  it.each(ERROR_ROWS)('maps error %i to %s', (id, reason) => {
    const status = { groupId: 2, groupName: 'UNDELIVERABLE', id: 9, name: 'UNDELIVERABLE_NOT_DELIVERED' };
    const error = { groupId: 2, groupName: 'USER_ERRORS', id, name: 'EC_SOMETHING', permanent: true };
    expect(readStatus({ ...REPORT, status, error })).toEqual([
      { ...report, status: 'failed', reason, vendorCode: 'EC_SOMETHING' },
    ]);
  });

  it('ignores an unknown status group', () => {
    expect(readStatus({ ...REPORT, status: { groupId: 9, id: 999 } })).toEqual([]);
    expect(readStatus()).toEqual([]);
  });

  it.each([
    '',
    '[]',
    '{"results":{}}',
    '{"results":["x"]}',
    { results: [{ ...REPORT, messageId: undefined }] },
    { results: [{ ...REPORT, status: { name: 'DELIVERED' } }] },
  ])('rejects %j', (body) => {
    expect(() => infobipCallbacks.readStatus(postedAsJson(body))).toThrow(UnreadableCallback);
  });
});

describe('the Infobip callback reader reading inbound SMS', () => {
  const INBOUND = {
    messageId: '817790313235066447',
    from: '14155550100',
    to: '41793026731',
    text: 'Stop bitte 👍',
    cleanText: 'bitte 👍',
    keyword: 'STOP',
    receivedAt: '2026-01-02T03:04:05.678+0000',
    smsCount: 1,
  };
  const read = (body: unknown): unknown => infobipCallbacks.readInbound?.(postedAsJson(body));

  it('reads the whole text with its keyword', () => {
    const results = [INBOUND, { from: '+14155550101', text: '' }, { ...INBOUND, from: 'Shop' }];
    expect(read({ results, messageCount: 3, pendingMessageCount: 0 })).toEqual([
      {
        ...{ from: '+14155550100', to: '41793026731', text: 'Stop bitte 👍' },
        vendorMessageId: '817790313235066447',
      },
      { from: '+14155550101', to: null, text: '', vendorMessageId: null },
    ]);
  });

  it.each(['no JSON', '{}', '{"results":[1]}'])('rejects %j', (body) => {
    expect(() => read(body)).toThrow(UnreadableCallback);
  });
});
