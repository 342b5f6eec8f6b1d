import { describe, expect, it } from '@jest/globals';
import type { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { SmsMessage } from '../../src/providers/provider.js';
import type { SmppTimings } from '../../src/providers/smpp/smpp-timings.js';
import type { SmppProvider } from '../../src/providers/smpp/smpp.provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { SMPP_MESSAGE, smppContext, smppProvider } from '../support/smpp-provider.js';
import { SmscSimulator, type SmscOptions } from '../support/smsc-simulator.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';

const gsm7 = (text: string): SmsMessage => ({ ...SMPP_MESSAGE, text, encoding: 'gsm7' });
const ucs2 = (text: string): SmsMessage => ({ ...SMPP_MESSAGE, text, encoding: 'ucs2' });
const accepted = { outcome: 'accepted' };

const closeLater = closeAfterEach();
const started = async (
  over: Partial<SmppSettings> = {},
  options: SmscOptions = {},
  timings: Partial<SmppTimings> = {},
): Promise<{ smsc: SmscSimulator; provider: SmppProvider }> => {
  const smsc = await SmscSimulator.start(options);
  const provider = smppProvider(smsc, over, { timings });
  closeLater(smsc, provider);
  return { smsc, provider };
};
const outcome = (provider: SmppProvider, message = SMPP_MESSAGE, signal?: AbortSignal): Promise<unknown> =>
  provider.send(message, smppContext(signal)).catch((error: unknown) => error);

describe('the SMPP provider', () => {
  it.each([
    ['a short text', gsm7('Hello @ 5 € [all] ~ {you}'), 1],
    ['160 characters', gsm7('a'.repeat(160)), 1],
    ['a long text', gsm7('0123456789'.repeat(30)), 2],
    ['escapes where it is cut', gsm7(`${'a'.repeat(152)}€${'b'.repeat(152)}€€`), 3],
    ['another alphabet', ucs2('Привет, Анна'), 1],
    ['a long text in it', ucs2('Привет '.repeat(30)), 4],
    ['emoji where it is cut', ucs2(`${'ж'.repeat(66)}👍${'ж'.repeat(66)}👍👍`), 3],
    ['what is said to be GSM-7 and is not', gsm7('naïve ✓'), 1],
  ])('sends the whole text: %s', async (_, message, parts) => {
    const { smsc, provider } = await started();
    await expect(provider.send(message, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc.received.map(({ text }) => text)).toEqual([message.text]);
    expect(smsc.received[0]?.submits).toHaveLength(parts);
    expect(smsc.violations).toEqual([]);
  });

  it('sends sender, recipient, validity period and service type', async () => {
    const { smsc, provider } = await started({ from: 'Bellhop', serviceType: 'CMT' });
    await provider.send({ ...gsm7('Hello'), validForSeconds: 5_400 }, smppContext());
    expect(smsc.submits).toMatchObject([
      {
        from: { address: 'Bellhop', ton: 5, npi: 0 },
        to: { address: '14155550100', ton: 1, npi: 1 },
        validityPeriod: '000000013000000R',
        serviceType: 'CMT',
      },
    ]);
  });

  it('numbers each long SMS differently', async () => {
    const { smsc, provider } = await started();
    const message = gsm7('a'.repeat(200));
    await Promise.all(Array.from({ length: 20 }, () => provider.send(message, smppContext())));
    expect(new Set(smsc.submits.map(({ place }) => place?.reference)).size).toBe(20);
    expect(smsc.received).toHaveLength(20);
    expect(smsc.violations).toEqual([]);
  });

  it.each([
    ['upper case, filled up', (id: number) => id.toString(16).toUpperCase().padStart(8, '0'), 'abcdef'],
    ['lower case', (id: number) => id.toString(16), 'abcdef'],
    ['decimal', String, '11259375'],
    ['decimal, filled up', (id: number) => String(id).padStart(10, '0'), '11259375'],
    ['a name', () => 'Ticket-0118Z', 'ticket-0118z'],
  ])('takes the message id of the answer: %s', async (_, idAs, vendorMessageId) => {
    const { provider } = await started({}, { idAs });
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toEqual({
      ...accepted,
      vendorMessageId,
    });
  });

  it('takes the id of the first part as the message id', async () => {
    const { smsc, provider } = await started();
    const result = await provider.send(gsm7('a'.repeat(400)), smppContext());
    expect(result).toEqual({
      ...accepted,
      vendorMessageId: 'abcdef',
      partIds: ['abcdef', 'abcdf0', 'abcdf1'],
    });
    expect(smsc.received[0]?.ids).toEqual(['00ABCDEF', '00ABCDF0', '00ABCDF1']);
  });

  it.each([
    ['latin1', 'Übergröße @ $5 {a}', Buffer.from('Übergröße @ $5 {a}', 'latin1')],
    ['ascii', 'Price: $5 @ [shop]_1', Buffer.from('Price: $5 @ [shop]_1')],
  ] as const)('encodes in the default alphabet of the SMS centre: %s', async (alphabet, text, octets) => {
    const { smsc, provider } = await started({ alphabet }, { isLatin1: true });
    await provider.send(gsm7(text), smppContext());
    expect(smsc.submits.map((submit) => [submit.encoding, submit.octets])).toEqual([['gsm7', octets]]);
  });

  it.each([
    ['latin1', 'Ωmega 5 €'],
    ['ascii', 'Übergröße'],
  ] as const)('encodes as UCS-2 if the alphabet %s lacks a character', async (alphabet, text) => {
    const { smsc, provider } = await started({ alphabet });
    await provider.send(gsm7(text), smppContext());
    expect(smsc.received).toMatchObject([{ text }]);
    expect(smsc.submits).toMatchObject([{ encoding: 'ucs2' }]);
  });

  it('sends parts at the rate of the account', async () => {
    // Sent without a pause, the last part would be throttled.
    const { smsc, provider } = await started({ throughputPerSecond: 25 }, { perSecond: 41 });
    const message = gsm7('a'.repeat(153 * 42));
    expect(provider.countParts(message)).toBe(42);
    await expect(provider.send(message, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc.asked).toBe(42);
  });

  it('accepts an answer without a message id', async () => {
    const { smsc, provider } = await started();
    smsc.answerWith('nameless');
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toEqual({
      ...accepted,
      vendorMessageId: null,
    });
  });

  it('may have sent the SMS if the answer is malformed', async () => {
    const { smsc, provider } = await started();
    smsc.answerWith('nack');
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'invalid_answer', mayHaveBeenSent: true });
  });

  it('never exceeds the window size', async () => {
    const { smsc, provider } = await started({ windowSize: 3 }, { latencyMs: 10 });
    const message = gsm7('a'.repeat(400));
    await Promise.all(Array.from({ length: 12 }, () => provider.send(message, smppContext())));
    expect(smsc.peak).toBe(3);
    expect(smsc.received).toHaveLength(12);
    expect(smsc.connections).toBe(1);
  });

  it('reports SMS that were still waiting for the window as not sent', async () => {
    const { smsc, provider } = await started({ windowSize: 1, requestTimeoutMs: SHORT_TIMEOUT_MS });
    smsc.answerWith('hang', 1);
    const [first, second] = [outcome(provider), outcome(provider)];
    expect(await first).toMatchObject({ vendorCode: 'timeout', mayHaveBeenSent: true });
    expect(await second).toMatchObject({ vendorCode: 'timeout', mayHaveBeenSent: false });
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc.asked).toBe(2);
  });

  it('removes an aborted SMS from the queue for the window', async () => {
    const { smsc, provider } = await started({ windowSize: 1 });
    smsc.answerWith('hang', 1);
    const stop = new AbortController();
    const first = outcome(provider);
    await until(
      () => smsc.asked === 1,
      () => smsc.counts,
    );
    const second = outcome(provider, SMPP_MESSAGE, stop.signal);
    const third = outcome(provider);
    stop.abort();
    expect(await second).toMatchObject({ name: 'SendAborted' });
    smsc.dropConnections();
    expect(await first).toMatchObject({ vendorCode: 'ECONNRESET', mayHaveBeenSent: true });
    expect(await third).toMatchObject(accepted);
    expect(smsc.asked).toBe(2);
  });

  it('keeps an unanswered SMS in the window after its abort', async () => {
    const { smsc, provider } = await started({ windowSize: 1 }, { latencyMs: 400 });
    const stop = new AbortController();
    const first = outcome(provider, SMPP_MESSAGE, stop.signal);
    await until(
      () => smsc.asked === 1,
      () => smsc.counts,
    );
    stop.abort();
    expect(await first).toMatchObject({ name: 'SendAborted' });
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc.peak).toBe(1);
  });

  describe('sending several parts', () => {
    const long = gsm7('a'.repeat(400));
    const fromPart =
      (number: number, answer: string) =>
      ({ place }: { place: { number: number } | undefined }) =>
        (place?.number ?? 1) >= number ? answer : undefined;

    it('refuses the SMS if the first part is refused', async () => {
      const { smsc, provider } = await started();
      smsc.answerWith(fromPart(1, 'ESME_RINVDSTADR'));
      expect(await outcome(provider, long)).toMatchObject({
        outcome: 'refused',
        vendorCode: 'ESME_RINVDSTADR',
      });
      expect(smsc.asked).toBe(1);
    });

    it.each(['ESME_RINVDSTADR', 'ESME_RINVSRCADR'])(
      'may have sent the SMS if a later part got %s',
      async (status) => {
        const { smsc, provider } = await started();
        smsc.answerWith(fromPart(2, status));
        expect(await outcome(provider, long)).toMatchObject({
          name: 'ProviderUnavailable',
          vendorCode: status,
          mayHaveBeenSent: true,
        });
        expect(smsc.asked).toBe(2);
      },
    );

    it.each(['ESME_RTHROTTLED', 'ESME_RMSGQFUL', 'ESME_RSYSERR'])(
      'completes the SMS if a later part first got %s',
      async (status) => {
        const { smsc, provider } = await started();
        let refusals = 1;
        smsc.answerWith(({ place }) => (place?.number === 2 && refusals-- > 0 ? status : undefined));
        await expect(provider.send(long, smppContext())).resolves.toMatchObject(accepted);
        expect(smsc.received).toMatchObject([{ text: long.text }]);
        expect(smsc.asked).toBe(4);
      },
    );

    it('completes the SMS if the connection was lost between two parts', async () => {
      const { smsc, provider } = await started();
      smsc.answerWith(({ place }) => {
        if (place?.number === 1) setImmediate(() => smsc.unbind());
        return undefined;
      });
      const result = await outcome(provider, long);
      // The second may or may not have been written; it is never repeated if it was.
      if (smsc.received.length > 0) expect(result).toMatchObject(accepted);
      else expect(result).toMatchObject({ name: 'ProviderUnavailable', mayHaveBeenSent: true });
      const numbers = smsc.submits.map(({ place }) => place?.number);
      expect(new Set(numbers).size).toBe(numbers.length);
    });

    it('may have sent the SMS if a later part is throttled until the timeout', async () => {
      const { smsc, provider } = await started({ requestTimeoutMs: SHORT_TIMEOUT_MS });
      smsc.answerWith(fromPart(3, 'ESME_RTHROTTLED'));
      expect(await outcome(provider, long)).toMatchObject({
        name: 'ProviderUnavailable',
        vendorCode: 'ESME_RTHROTTLED',
        mayHaveBeenSent: true,
      });
    });

    it('may have sent the SMS if it is aborted after the first part', async () => {
      const { smsc, provider } = await started();
      smsc.answerWith(fromPart(2, 'hang'));
      const stop = new AbortController();
      const sending = outcome(provider, long, stop.signal);
      await until(
        () => smsc.asked === 2,
        () => smsc.counts,
      );
      stop.abort();
      expect(await sending).toMatchObject({
        name: 'ProviderUnavailable',
        vendorCode: 'aborted',
        mayHaveBeenSent: true,
      });
    });
  });

  it('waits if the SMS centre throttles', async () => {
    const { smsc, provider } = await started({}, { perSecond: 5 });
    const results = await Promise.all(Array.from({ length: 8 }, () => outcome(provider)));
    expect(smsc.received).toHaveLength(5);
    expect(results.filter((result) => result instanceof Error)).toMatchObject(
      Array.from({ length: 3 }, () => ({ name: 'ProviderOverQuota', retryAfterMs: 1_000 })),
    );
  });
});
