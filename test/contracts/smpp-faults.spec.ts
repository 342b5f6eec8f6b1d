import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, type SendResult } from '../../src/domain/outcome.js';
import type { InboundSms } from '../../src/providers/callback.js';
import { closeAfterEach } from '../support/close-after-each.js';
import type { SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { SMPP_MESSAGE, smppContext, smppProvider } from '../support/smpp-provider.js';
import { phoneText } from '../support/smsc-messages.js';
import { SmscSimulator } from '../support/smsc-simulator.js';

const COUNT = 150;
const closeLater = closeAfterEach();

describe('the SMPP provider with a failing SMS centre', () => {
  it('loses no SMS and repeats only those that were surely not sent', async () => {
    const { smsc, provider } = await startFailing();
    const messages = Array.from({ length: COUNT }, (_, n) => message(n));
    const results = await Promise.all(messages.map((sms) => sendUntilDecided(provider, sms)));
    const received = (text: string): number => smsc.received.filter((sms) => sms.text === text).length;
    const accepted = messages.filter((_, at) => !(results[at] instanceof ProviderUnavailable));
    for (const { text } of accepted) expect(`${text} ${received(text)}`).toBe(`${text} 1`);
    for (const { text } of messages) expect(received(text)).toBeLessThanOrEqual(1);
    // Each lost connection leaves a whole window of SMS undecided.
    expect(accepted.length).toBeGreaterThan(COUNT / 4);
    expect(accepted.length).toBeLessThan(COUNT);
    expect(smsc.violations).toEqual([]);
    expect(smsc.peak).toBeLessThanOrEqual(4 + smsc.connections * 4);
  });

  it('gets each inbound SMS again until it has stored it', async () => {
    const smsc = await SmscSimulator.start();
    const provider = smppProvider(smsc, {}, { timings: { reconnectMs: 5, maxReconnectMs: 10 } });
    closeLater(smsc, provider);
    const stored: InboundSms[] = [];
    let asked = 0;
    provider.listen({
      reports: async () => undefined,
      inbound: async (messages) => {
        asked += 1;
        if (asked % 7 === 0) smsc.dropConnections();
        if (asked % 3 === 0) throw new Error('the database is away');
        stored.push(...messages);
      },
    });
    for (let n = 0; n < 40; n += 1) {
      let status: string | undefined;
      while (status !== 'ESME_ROK') {
        status = await smsc.deliver(phoneText(Buffer.from(`text ${n}`), 3)).catch(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return undefined;
        });
      }
    }
    expect(new Set(stored.map(({ text }) => text)).size).toBe(40);
  });
});

/** Every n-th submit fails so; primes, so that faults rarely coincide. */
const FAULTS: readonly (readonly [number, string])[] = [
  [13, 'reset'],
  [17, 'ESME_RSYSERR'],
  [29, 'garbage'],
  [37, 'hang'],
  [41, 'ESME_RINVBNDSTS'],
];

async function startFailing(): Promise<{ smsc: SmscSimulator; provider: SmsProvider }> {
  const smsc = await SmscSimulator.start({ latencyMs: 1 });
  const provider = smppProvider(
    smsc,
    { requestTimeoutMs: 2_000, windowSize: 4 },
    { timings: { reconnectMs: 5, maxReconnectMs: 10 } },
  );
  closeLater(smsc, provider);
  let count = 0;
  smsc.answerWith(() => {
    count += 1;
    return FAULTS.find(([every]) => count % every === 0)?.[1];
  });
  return { smsc, provider };
}

const message = (n: number): SmsMessage => ({
  ...SMPP_MESSAGE,
  address: { phno: `+1415555${1_000 + n}` },
  encoding: 'gsm7',
  text: `${n}: ${'x'.repeat(n % 3 === 0 ? 200 : 20)}`,
});

/** Retries only what was surely not sent, as a worker does. */
async function sendUntilDecided(
  provider: SmsProvider,
  sms: SmsMessage,
): Promise<SendResult | ProviderUnavailable> {
  for (;;) {
    try {
      return await provider.send(sms, smppContext());
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      if (error.mayHaveBeenSent) return error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
