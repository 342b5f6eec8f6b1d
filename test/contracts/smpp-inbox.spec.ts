import { describe, expect, it } from '@jest/globals';
import type { DeliveryReport } from '../../src/domain/delivery-report.js';
import type { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { InboundSms, VendorListener } from '../../src/providers/callback.js';
import { canonicalId } from '../../src/providers/smpp/message-ids.js';
import { smpp } from '../../src/providers/smpp/smpp-package.js';
import type { SmppTimings } from '../../src/providers/smpp/smpp-timings.js';
import type { SmppProvider } from '../../src/providers/smpp/smpp.provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { SMPP_MESSAGE, smppContext, smppProvider } from '../support/smpp-provider.js';
import { FROM_PHONE, phoneText, textReceipt, tlvReceipt } from '../support/smsc-messages.js';
import { SmscSimulator, type SmscOptions } from '../support/smsc-simulator.js';
import { until } from '../support/until.js';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** Stores reports and SMS once `until` resolves. */
class Ear implements VendorListener {
  readonly heard: DeliveryReport[] = [];
  readonly texts: InboundSms[] = [];
  asked = 0;
  until: Promise<void> = Promise.resolve();

  async reports(reports: readonly DeliveryReport[]): Promise<void> {
    await this.ask();
    this.heard.push(...reports);
  }

  async inbound(texts: readonly InboundSms[]): Promise<void> {
    await this.ask();
    this.texts.push(...texts);
  }

  private async ask(): Promise<void> {
    this.asked += 1;
    await this.until;
  }
}

const closeLater = closeAfterEach();
const listening = async (
  over: Partial<SmppSettings> = {},
  options: SmscOptions = {},
  timings: Partial<SmppTimings> = {},
): Promise<{ smsc: SmscSimulator; provider: SmppProvider; ear: Ear }> => {
  const smsc = await SmscSimulator.start(options);
  const provider = smppProvider(smsc, over, { timings });
  closeLater(smsc, provider);
  const ear = new Ear();
  provider.listen(ear);
  await until(
    () => smsc.bound === 1,
    () => smsc.counts,
  );
  return { smsc, provider, ear };
};

const SPELLINGS: Readonly<Record<string, (id: number) => string>> = {
  'hexadecimal, upper': (id) => id.toString(16).toUpperCase(),
  'hexadecimal, lower': (id) => id.toString(16),
  'hexadecimal, filled up': (id) => id.toString(16).toUpperCase().padStart(10, '0'),
  decimal: String,
  'decimal, filled up': (id) => String(id).padStart(12, '0'),
};
const pairs = Object.keys(SPELLINGS).flatMap((sent) =>
  Object.keys(SPELLINGS).map((told) => [sent, told] as const),
);

describe('the SMPP provider receiving from an SMS centre', () => {
  it.each(pairs)('matches a delivery report to its SMS: %s, then %s', async (sent, told) => {
    const { smsc, provider, ear } = await listening(
      {},
      { idAs: SPELLINGS[sent] ?? String, firstId: 0x1abcdef },
    );
    const result = await provider.send(SMPP_MESSAGE, smppContext());
    const id = SPELLINGS[told]?.(0x1abcdef) ?? '';
    expect(await smsc.deliver(textReceipt(id, 'DELIVRD'))).toBe('ESME_ROK');
    expect(await smsc.deliver(tlvReceipt(id, 2))).toBe('ESME_ROK');
    for (const { vendorMessageId, otherIds = [], status } of ear.heard) {
      expect(status).toBe('delivered');
      expect(result).toEqual({ outcome: 'accepted', vendorMessageId: expect.any(String) });
      expect([vendorMessageId, ...otherIds]).toContain(
        'vendorMessageId' in result ? result.vendorMessageId : '',
      );
    }
    expect(ear.heard).toHaveLength(2);
  });

  it('passes on delivery reports that are early, repeated or out of order', async () => {
    const { smsc, provider, ear } = await listening({ receiptIds: 'same' }, { latencyMs: 50 });
    const sending = provider.send(SMPP_MESSAGE, smppContext());
    await until(
      () => smsc.asked === 1,
      () => smsc.counts,
    );
    await smsc.deliver(textReceipt('00ABCDEF', 'DELIVRD'));
    await sending;
    await smsc.deliver({ ...textReceipt('00ABCDEF', 'ENROUTE'), esm_class: 0x20 });
    await smsc.deliver(tlvReceipt('00ABCDEF', 2));
    const id = canonicalId('00ABCDEF');
    expect(ear.heard).toMatchObject([
      { vendorMessageId: id, status: 'delivered' },
      { vendorMessageId: id, status: 'accepted' },
      { vendorMessageId: id, status: 'delivered' },
    ]);
  });

  it('reads delivery reports from data_sm', async () => {
    const { smsc, ear } = await listening();
    expect(await smsc.deliver(tlvReceipt('42', 5), 'data_sm')).toBe('ESME_ROK');
    expect(ear.heard).toMatchObject([{ vendorMessageId: '42', status: 'failed', vendorCode: 'UNDELIV' }]);
  });

  it.each(['FAILED', 'UNDELIVERED', 'REJECT', 'undelivered', 'Rejected'])(
    'reads the status of a delivery report: %s',
    async (stat) => {
      const { smsc, ear } = await listening();
      expect(await smsc.deliver(textReceipt('42', stat, '027'))).toBe('ESME_ROK');
      const reason = /rej/i.test(stat) ? 'message_refused' : 'undelivered';
      expect(ear.heard).toMatchObject([
        { status: 'failed', reason, vendorCode: `${stat.toUpperCase()}:027` },
      ]);
    },
  );

  it('reads a delivery report among unknown fields', async () => {
    const { smsc, ear } = await listening();
    // A vendor-specific TLV at the end.
    const pdu = new smpp.PDU('deliver_sm', { ...tlvReceipt('0042', 5), sequence_number: 7 });
    const own = Buffer.from([0x14, 0x07, 0x00, 0x03, 0x01, 0x02, 0x03]);
    const octets = Buffer.concat([pdu.toBuffer(), own]);
    octets.writeUInt32BE(octets.length, 0);
    smsc.writeOctets(octets);
    await until(
      () => ear.heard.length === 1,
      () => smsc.counts,
    );
    expect(ear.heard).toMatchObject([{ vendorMessageId: '42', status: 'failed' }]);
    expect(smsc.connections).toBe(1);
  });

  it('reads an SMS in the default alphabet of the SMS centre', async () => {
    const { smsc, ear } = await listening({ alphabet: 'latin1' });
    await smsc.deliver(phoneText(Buffer.from('@ à Ü_$', 'latin1'), 0));
    expect(ear.texts).toMatchObject([{ text: '@ à Ü_$' }]);
  });

  it('acknowledges a delivery report that cannot be read', async () => {
    const { smsc, ear } = await listening();
    expect(await smsc.deliver({ ...textReceipt('1', 'PIGEON') })).toBe('ESME_ROK');
    expect(ear.asked).toBe(0);
  });

  it.each([
    ['GSM-7', phoneText(Buffer.from([0x53, 0x54, 0x4f, 0x50, 0x20, 0x00, 0x1b, 0x65]), 0), 'STOP @€'],
    ['ASCII', phoneText(Buffer.from('STOP @_[$]'), 1), 'STOP @_[$]'],
    ['Latin-1', phoneText(Buffer.from('ARRÊT', 'latin1'), 3), 'ARRÊT'],
    ['UCS-2', phoneText(utf16('СТОП 👍'), 8), 'СТОП 👍'],
    ['GSM’s own scheme', phoneText(Buffer.from([0x00]), 0xf1), '@'],
    [
      'the long field',
      phoneText(Buffer.alloc(0), 3, { message_payload: Buffer.from('x'.repeat(300)) }),
      'x'.repeat(300),
    ],
    ['nothing', phoneText(Buffer.alloc(0), 0), ''],
  ])('reads an inbound SMS: %s', async (_, fields, text) => {
    const { smsc, ear } = await listening();
    expect(await smsc.deliver(fields)).toBe('ESME_ROK');
    expect(ear.texts).toEqual([{ from: '+14155550100', to: '15005550006', text, vendorMessageId: null }]);
  });

  it('reads an inbound SMS with a message id', async () => {
    const { smsc, ear } = await listening();
    await smsc.deliver(
      phoneText(Buffer.from('Hi'), 3, { receipted_message_id: Buffer.from('1618Z-0102G\0') }),
    );
    expect(ear.texts).toMatchObject([{ vendorMessageId: '1618Z-0102G' }]);
  });

  const part = (number: number, text: string, total = 2): Readonly<Record<string, unknown>> =>
    phoneText(Buffer.concat([Buffer.from([5, 0, 3, 0x2a, total, number]), Buffer.from(text)]), 3, {
      esm_class: 0x40,
    });

  it('joins parts that are numbered by a header', async () => {
    const { smsc, ear } = await listening();
    expect(await smsc.deliver(part(2, 'you'))).toBe('ESME_ROK');
    expect(ear.asked).toBe(0);
    expect(await smsc.deliver(part(1, 'Thank '))).toBe('ESME_ROK');
    expect(ear.texts).toMatchObject([{ text: 'Thank you' }]);
  });

  it('joins parts that are numbered by a 16-bit header element', async () => {
    const { smsc, ear } = await listening();
    for (const [number, text] of [
      [1, 'Thank '],
      [2, 'you'],
    ] as const) {
      const header = Buffer.from([10, 0x05, 2, 0, 0, 0x08, 4, 0x12, 0x34, 2, number]);
      const short_message = Buffer.concat([header, Buffer.from(text)]);
      await smsc.deliver({ ...FROM_PHONE, esm_class: 0x40, data_coding: 3, short_message });
    }
    expect(ear.texts).toMatchObject([{ text: 'Thank you' }]);
  });

  it('joins parts that are numbered by SAR fields', async () => {
    const { smsc, ear } = await listening();
    for (const [number, text] of [
      [1, 'Thank '],
      [2, 'you'],
    ] as const) {
      const place = {
        sar_msg_ref_num: Buffer.from([0x12, 0x34]),
        sar_total_segments: Buffer.from([2]),
        sar_segment_seqnum: Buffer.from([number]),
      };
      await smsc.deliver(phoneText(Buffer.from(text), 3, place));
    }
    expect(ear.texts).toMatchObject([{ text: 'Thank you' }]);
  });

  it('passes on a long SMS that lacks a part', async () => {
    const { smsc, ear } = await listening({}, {}, { partsMs: 20 });
    await smsc.deliver(part(1, 'Thank ', 3));
    await smsc.deliver(part(3, 'you', 3));
    await until(
      () => ear.texts.length > 0,
      () => smsc.counts,
    );
    expect(ear.texts).toMatchObject([{ text: 'Thank you' }]);
  });

  it('passes on waiting parts when it closes', async () => {
    const { smsc, provider, ear } = await listening();
    await smsc.deliver(part(1, 'Thank '));
    await provider.close();
    expect(ear.texts).toMatchObject([{ text: 'Thank ' }]);
  });

  it.each([
    ['a header that is longer than the text', Buffer.from([200, 1, 2])],
    ['a header of nothing', Buffer.from([0, 0x48, 0x69])],
    ['a header that is cut', Buffer.from([3, 0, 3, 1])],
    ['a part beyond the last', Buffer.from([5, 0, 3, 1, 2, 3, 0x48, 0x69])],
    ['a part of none', Buffer.from([5, 0, 3, 1, 0, 0, 0x48, 0x69])],
  ])('passes on a part that cannot be joined: %s', async (_, short_message) => {
    const { smsc, ear } = await listening();
    expect(await smsc.deliver({ ...FROM_PHONE, esm_class: 0x40, data_coding: 3, short_message })).toBe(
      'ESME_ROK',
    );
    expect(ear.texts).toHaveLength(1);
  });

  it('acknowledges an SMS only once it is stored', async () => {
    const { smsc, ear } = await listening();
    let take: () => void = () => undefined;
    ear.until = new Promise((resolve) => (take = resolve));
    let status: string | undefined;
    const delivering = smsc.deliver(phoneText(Buffer.from('Hi'), 3)).then((answer) => (status = answer));
    await until(
      () => ear.asked === 1,
      () => smsc.counts,
    );
    // A later request is answered before it.
    expect(await smsc.deliver({}, 'enquire_link')).toBe('ESME_ROK');
    expect(status).toBeUndefined();
    take();
    await delivering;
    expect(status).toBe('ESME_ROK');
    expect(ear.texts).toHaveLength(1);
  });

  it.each([
    ['a delivery report', textReceipt('42', 'DELIVRD')],
    ['a single SMS', phoneText(Buffer.from('STOP'), 3)],
    ['the last part of a long SMS', part(2, 'you')],
  ])('asks for redelivery if an SMS was not stored: %s', async (_, fields) => {
    const { smsc, ear } = await listening();
    await smsc.deliver(part(1, 'Thank '));
    ear.until = Promise.reject(new Error('the database is away'));
    expect(await smsc.deliver(fields)).toBe('ESME_RX_T_APPN');
    expect([...ear.texts, ...ear.heard]).toEqual([]);
    ear.until = Promise.resolve();
    expect(await smsc.deliver(fields)).toBe('ESME_ROK');
    expect([...ear.texts, ...ear.heard]).toHaveLength(1);
  });

  it('asks for redelivery elsewhere if nobody listens', async () => {
    const smsc = await SmscSimulator.start();
    const provider = smppProvider(smsc);
    closeLater(smsc, provider);
    await provider.send(SMPP_MESSAGE, smppContext());
    expect(await smsc.deliver(phoneText(Buffer.from('STOP'), 3))).toBe('ESME_RX_T_APPN');
  });

  it('finishes storing an SMS when it closes', async () => {
    const { smsc, provider, ear } = await listening();
    let take: () => void = () => undefined;
    ear.until = new Promise((resolve) => (take = resolve));
    const delivering = smsc.deliver(textReceipt('42', 'DELIVRD'));
    await until(
      () => ear.asked === 1,
      () => smsc.counts,
    );
    const closing = provider.close();
    take();
    expect(await delivering).toBe('ESME_ROK');
    await closing;
    expect(ear.heard).toHaveLength(1);
  });

  it('keeps the connection after a malformed message', async () => {
    const { smsc, ear } = await listening();
    const odd = { schedule_delivery_time: 'soonR', validity_period: 'R', data_coding: 0x5a, esm_class: 0x08 };
    expect(await smsc.deliver(phoneText(Buffer.from([0xff, 0x00]), 0, odd))).toBe('ESME_ROK');
    expect(await smsc.deliver(phoneText(Buffer.from('Hi'), 3))).toBe('ESME_ROK');
    expect(ear.texts).toMatchObject([{ text: 'Hi' }]);
    expect(smsc.connections).toBe(1);
  });
});
