import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, type SendResult } from '../../src/domain/outcome.js';
import type { InboundSms } from '../../src/providers/callback.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { SMPP_MESSAGE, smppContext, smppProvider } from '../support/smpp-provider.js';
import { phoneText } from '../support/smsc-messages.js';
import { SmscSimulator } from '../support/smsc-simulator.js';

const TEXTS = 150;
/** Every so many submits the centre does so; primes, so that they fall together seldom. */
const FAULTS: readonly (readonly [number, string])[] = [
  [13, 'reset'],
  [17, 'ESME_RSYSERR'],
  [29, 'garbage'],
  [37, 'hang'],
  [41, 'ESME_RINVBNDSTS'],
];

const closeLater = closeAfterEach();

describe('the SMPP provider with an SMS centre that keeps failing', () => {
  it('loses no SMS and sends none twice that was not sure to be unsent', async () => {
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

    const messages = Array.from({ length: TEXTS }, (_, n) => ({
      ...SMPP_MESSAGE,
      address: { phno: `+1415555${1_000 + n}` },
      encoding: 'gsm7' as const,
      text: `${n}: ${'x'.repeat(n % 3 === 0 ? 200 : 20)}`,
    }));
    /** What became of each text; tried again only where it was surely not sent, as a worker does. */
    const sendUntilDecided = async (
      message: (typeof messages)[number],
    ): Promise<SendResult | ProviderUnavailable> => {
      for (;;) {
        try {
          return await provider.send(message, smppContext());
        } catch (error) {
          if (!(error instanceof ProviderUnavailable)) throw error;
          if (error.mayHaveBeenSent) return error;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const results = await Promise.all(messages.map(sendUntilDecided));

    const arrived = (text: string): number =>
      smsc.received.filter((received) => received.text === text).length;
    const accepted = messages.filter((_, at) => !(results[at] instanceof ProviderUnavailable));
    for (const { text } of accepted) expect(`${text} ${arrived(text)}`).toBe(`${text} 1`);
    for (const { text } of messages) expect(arrived(text)).toBeLessThanOrEqual(1);
    // Each lost connection takes a whole window of texts along.
    expect(accepted.length).toBeGreaterThan(TEXTS / 4);
    expect(accepted.length).toBeLessThan(TEXTS);
    expect(smsc.violations).toEqual([]);
    expect(smsc.peak).toBeLessThanOrEqual(4 + smsc.connections * 4);
  });

  it('is delivered each inbound SMS again until it accepted it', async () => {
    const smsc = await SmscSimulator.start();
    const provider = smppProvider(smsc, {}, { timings: { reconnectMs: 5, maxReconnectMs: 10 } });
    closeLater(smsc, provider);
    const taken: InboundSms[] = [];
    let asked = 0;
    provider.listen({
      receipts: async () => undefined,
      inbound: async (texts) => {
        asked += 1;
        if (asked % 7 === 0) smsc.dropConnections();
        if (asked % 3 === 0) throw new Error('the database is away');
        taken.push(...texts);
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
    expect(new Set(taken.map(({ text }) => text)).size).toBe(40);
  });
});
