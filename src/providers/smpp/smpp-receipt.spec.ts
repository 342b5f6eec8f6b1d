import { describe, expect, it } from '@jest/globals';
import type { Pdu } from 'smpp';
import type { DeliveryReport } from '../../domain/delivery-report.js';
import { readDelivered } from './delivered-sms.js';
import { smpp } from './smpp-package.js';
import { isReceipt, RECEIPT_STATES, receiptOf } from './smpp-receipt.js';

/** As received: decoded from octets. */
function received(fields: Readonly<Record<string, unknown>>): Pdu {
  const PduOf = smpp.PDU as unknown as new (octets: Buffer) => Pdu;
  return new PduOf(new smpp.PDU('deliver_sm', fields).toBuffer());
}

function read(fields: Readonly<Record<string, unknown>>): DeliveryReport | undefined {
  const pdu = received({ esm_class: 0x04, ...fields });
  return receiptOf(pdu, readDelivered(pdu), 'same');
}

const text = (words: string): { short_message: Buffer } => ({ short_message: Buffer.from(words) });
const ROWS = {
  SCHEDULED: ['accepted', null],
  ENROUTE: ['accepted', null],
  ACCEPTD: ['accepted', null],
  DELIVRD: ['delivered', null],
  UNKNOWN: ['accepted', null],
  EXPIRED: ['failed', 'undelivered'],
  DELETED: ['failed', 'undelivered'],
  UNDELIV: ['failed', 'undelivered'],
  REJECTD: ['failed', 'message_refused'],
  SKIPPED: ['failed', 'undelivered'],
  DELIVERED: ['delivered', null],
  DELIVERD: ['delivered', null],
  DELIVER: ['delivered', null],
  DLVRD: ['delivered', null],
  ACCEPTED: ['accepted', null],
  ACCEPT: ['accepted', null],
  ACKED: ['accepted', null],
  BUFFERED: ['accepted', null],
  BUFFRED: ['accepted', null],
  BUFFRD: ['accepted', null],
  PENDING: ['accepted', null],
  QUEUED: ['accepted', null],
  SENT: ['accepted', null],
  SUBMITTED: ['accepted', null],
  SUBMITD: ['accepted', null],
  UNDELIVERED: ['failed', 'undelivered'],
  UNDELIVERABLE: ['failed', 'undelivered'],
  UNDELIVRD: ['failed', 'undelivered'],
  UNDELIVD: ['failed', 'undelivered'],
  UNDELIVE: ['failed', 'undelivered'],
  UNDELVD: ['failed', 'undelivered'],
  UNDLVRD: ['failed', 'undelivered'],
  NOTDELIVERED: ['failed', 'undelivered'],
  FAILED: ['failed', 'undelivered'],
  FAILURE: ['failed', 'undelivered'],
  FAIL: ['failed', 'undelivered'],
  ERROR: ['failed', 'undelivered'],
  EXPIRD: ['failed', 'undelivered'],
  EXPIRE: ['failed', 'undelivered'],
  CANCELLED: ['failed', 'undelivered'],
  CANCELED: ['failed', 'undelivered'],
  REJECTED: ['failed', 'message_refused'],
  REJECT: ['failed', 'message_refused'],
  REJCTED: ['failed', 'message_refused'],
  REFUSED: ['failed', 'message_refused'],
  BLOCKED: ['failed', 'message_refused'],
};
const BY_NUMBER = [
  'SCHEDULED',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
  'SKIPPED',
] as const;

describe('receiptOf', () => {
  it('tests every state', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(RECEIPT_STATES));
  });

  it.each(Object.entries(ROWS))('maps state %s in the text', (stat, [status, reason]) => {
    const words = `id:42 sub:001 dlvrd:001 submit date:2601021504 done date:2601021505 stat:${stat} err:000 text:x`;
    expect(read(text(words))).toEqual({
      vendorMessageId: '42',
      reference: null,
      status,
      reason,
      vendorCode: status === 'failed' ? stat : null,
      at: null,
    });
  });

  it.each(BY_NUMBER.map((name, state) => [name, state] as const))(
    'maps state %s as a number',
    (name, state) => {
      const report = read({ receipted_message_id: Buffer.from('42\0'), message_state: Buffer.from([state]) });
      expect(report).toMatchObject({ vendorMessageId: '42', status: ROWS[name][0], reason: ROWS[name][1] });
    },
  );

  it('keeps the network error', () => {
    expect(read(text('id:42 sub:001 dlvrd:000 stat:UNDELIV err:075 text:'))).toMatchObject({
      vendorCode: 'UNDELIV:075',
    });
  });

  it('keeps the error from a TLV', () => {
    const fields = { network_error_code: Buffer.from([3, 0, 27]), message_state: Buffer.from([5]) };
    expect(read({ ...fields, receipted_message_id: Buffer.from('42\0') })).toMatchObject({
      vendorCode: 'UNDELIV:27',
    });
  });

  it.each([
    ['different case and spacing', 'ID: 42 SUB:1 Stat: delivrd Err:0'],
    ['different order', 'sub:001 stat:DELIVRD id:42 err:000'],
    ['an unabbreviated state', 'id:42 stat:DELIVERED err:0'],
    ['commas', 'id:42 stat:Delivrd, err:0'],
    ['a numeric state', 'id:42 stat:2 err:0'],
    ['content that resembles fields', 'id:42 stat:DELIVRD err:000 Text:id:1 stat:UNDELIV'],
    ['field names without spaces', 'id:42 submitdate:1 donedate:2 stat:DELIVRD'],
  ])('parses text with %s', (_, words) => {
    expect(read(text(words))).toMatchObject({ vendorMessageId: '42', status: 'delivered' });
  });

  it('takes fields without a TLV from the text', () => {
    const report = read({ receipted_message_id: Buffer.from('42\0'), ...text('id:7 stat:DELIVRD err:000') });
    expect(report).toMatchObject({ vendorMessageId: '42', status: 'delivered' });
    expect(read({ message_state: Buffer.from([5]), ...text('id:7 stat:DELIVRD') })).toMatchObject({
      vendorMessageId: '7',
      status: 'failed',
    });
  });

  it('reads an id without a terminating NUL', () => {
    const report = read({ receipted_message_id: Buffer.from('42'), message_state: Buffer.from([2]) });
    expect(report).toMatchObject({ vendorMessageId: '42', status: 'delivered' });
  });

  it('reads an id with special characters', () => {
    expect(read(text('id:A_b@1-$ stat:DELIVRD'))).toMatchObject({ vendorMessageId: 'a_b@1-$' });
  });

  it('reads UCS-2 and message_payload', () => {
    const words = Buffer.from('id:42 stat:DELIVRD', 'utf16le').swap16();
    expect(read({ data_coding: 8, short_message: words })).toMatchObject({ vendorMessageId: '42' });
    expect(read({ message_payload: Buffer.from('id:42 stat:DELIVRD') })).toMatchObject({
      vendorMessageId: '42',
    });
  });

  it.each([
    ['no id', 'stat:DELIVRD err:000'],
    ['no state', 'id:42 err:000'],
    ['an unknown state', 'id:42 stat:PIGEON'],
    ['a property name of JavaScript as state', 'id:42 stat:__proto'],
    ['nothing', ''],
  ])('ignores text with %s', (_, words) => {
    expect(read(text(words))).toBeUndefined();
  });
});

describe('isReceipt', () => {
  const is = (fields: Readonly<Record<string, unknown>>): boolean => {
    const pdu = received(fields);
    return isReceipt(pdu, readDelivered(pdu));
  };

  it('recognises a delivery report by its message type', () => {
    expect(is({ esm_class: 0x04 })).toBe(true);
    expect(is({ esm_class: 0x20 })).toBe(true);
    expect(is({ esm_class: 0x44 })).toBe(true);
    expect(is({ esm_class: 0x00 })).toBe(false);
    expect(is({ esm_class: 0x08 })).toBe(false);
  });

  it('recognises a delivery report by its TLVs if the message type is unset', () => {
    const id = { receipted_message_id: Buffer.from('42\0') };
    expect(is({ ...id, message_state: Buffer.from([2]) })).toBe(true);
    expect(is(id)).toBe(false);
    expect(is({ ...id, ...text('id:42 stat:DELIVRD err:000') })).toBe(true);
    // Any sender can imitate this text.
    expect(is(text('id:42 stat:DELIVRD err:000'))).toBe(false);
  });
});
