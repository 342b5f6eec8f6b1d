import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '../../src/domain/outcome.js';
import { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { VendorListener } from '../../src/providers/callback.js';
import { smpp } from '../../src/providers/smpp/smpp-package.js';
import type { SmppTimings } from '../../src/providers/smpp/smpp-timings.js';
import { smpp as smppFactory, type SmppProvider } from '../../src/providers/smpp/smpp.provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { roundTrip } from '../support/round-trip.js';
import { SMPP_MESSAGE, smppContext, smppProvider } from '../support/smpp-provider.js';
import { textReceipt } from '../support/smsc-messages.js';
import { SmscSimulator, type SmscOptions } from '../support/smsc-simulator.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';

const LISTENER: VendorListener = { reports: async () => undefined, inbound: async () => undefined };
const accepted = { outcome: 'accepted' };
/** Shortened timings. */
const QUICK: Partial<SmppTimings> = { reconnectMs: 5, maxReconnectMs: 20, refusedMs: 20 };
const NEVER_MS = 3_600_000;

function codeOf(error: unknown): unknown {
  return error instanceof ProviderUnavailable ? error.vendorCode : undefined;
}

describe('the SMPP connection', () => {
  const closeLater = closeAfterEach();
  const started = async (
    over: Partial<SmppSettings> = {},
    timings: Partial<SmppTimings> = {},
    options: SmscOptions = {},
  ): Promise<{ smsc: SmscSimulator; provider: SmppProvider }> => {
    const smsc = await SmscSimulator.start(options);
    const provider = smppProvider(smsc, over, { timings });
    closeLater(smsc, provider);
    return { smsc, provider };
  };
  const outcome = (provider: SmppProvider): Promise<unknown> =>
    provider.send(SMPP_MESSAGE, smppContext()).catch((error: unknown) => error);

  it('binds with the first SMS and keeps the bind', async () => {
    const { smsc, provider } = await started();
    expect(smsc.connections).toBe(0);
    await provider.send(SMPP_MESSAGE, smppContext());
    await provider.send(SMPP_MESSAGE, smppContext());
    expect(smsc).toMatchObject({ connections: 1, binds: 1 });
  });

  it('binds once for concurrent SMS', async () => {
    const { smsc, provider } = await started();
    await Promise.all(Array.from({ length: 20 }, () => provider.send(SMPP_MESSAGE, smppContext())));
    expect(smsc).toMatchObject({ connections: 1, binds: 1 });
  });

  it('binds for a listener before the first SMS', async () => {
    const { smsc, provider } = await started();
    provider.listen(LISTENER);
    await until(
      () => smsc.bound === 1,
      () => smsc.counts,
    );
    expect(smsc).toMatchObject({ binds: 1, asked: 0 });
  });

  it('connects to host and port if no endpoint is set', async () => {
    const { smsc } = await started();
    const { systemId, password, port } = smsc;
    const block = { id: 'smpp', type: 'smpp', host: '127.0.0.1', port, systemId, password, from: '12345' };
    const provider = smppFactory.create(Object.assign(new SmppSettings(), block));
    closeLater(provider);
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
  });

  it('reconnects at once after a lost connection and sends no SMS twice', async () => {
    const { smsc, provider } = await started();
    await provider.send(SMPP_MESSAGE, smppContext());
    smsc.dropConnections();
    await until(
      () => smsc.bound === 0,
      () => smsc.counts,
    );
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc).toMatchObject({ connections: 2, asked: 2 });
  });

  it('does not reconnect while it is unused', async () => {
    const { smsc, provider } = await started({}, QUICK);
    const needed = smppProvider(smsc, {}, { timings: QUICK });
    closeLater(needed);
    await provider.send(SMPP_MESSAGE, smppContext());
    needed.listen(LISTENER);
    await until(
      () => smsc.bound === 2,
      () => smsc.counts,
    );
    // The other account, with the same timings, reconnects three times meanwhile.
    for (let binds = 3; binds <= 5; binds += 1) {
      smsc.dropConnections();
      await until(
        () => smsc.binds === binds && smsc.bound === 1,
        () => smsc.counts,
      );
    }
    expect(smsc.connections).toBe(5);
  });

  it.each(['drop', 'unbind'] as const)('reconnects for a listener after: %s', async (how) => {
    const { smsc, provider } = await started({}, QUICK);
    provider.listen(LISTENER);
    for (let binds = 1; binds <= 4; binds += 1) {
      await until(
        () => smsc.binds === binds && smsc.bound === 1,
        () => smsc.counts,
      );
      if (how === 'drop') smsc.dropConnections();
      else smsc.unbind();
      await until(
        () => smsc.binds === binds + 1,
        () => smsc.counts,
      );
    }
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
  });

  it('reconnects for a listener once the SMS centre is back', async () => {
    const { smsc, provider } = await started({}, QUICK);
    provider.listen(LISTENER);
    await until(
      () => smsc.bound === 1,
      () => smsc.counts,
    );
    const { port } = smsc;
    await smsc.close();
    // The first may be sent before the lost connection is detected.
    let last: unknown;
    while (codeOf(last) !== 'ECONNREFUSED') last = await outcome(provider);
    expect(last).toMatchObject({ name: 'ProviderUnavailable', mayHaveBeenSent: false });
    const back = await SmscSimulator.start({ port });
    closeLater(back);
    await until(
      () => back.bound === 1,
      () => back.counts,
    );
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
  });

  it('reconnects if the SMS centre unbinds right after the bind', async () => {
    const { smsc, provider } = await started({}, QUICK);
    smsc.bindAnswer = 'hang';
    const first = outcome(provider);
    await until(
      () => smsc.bindRequests === 1,
      () => smsc.counts,
    );
    // The answer to the first request, followed by an unbind.
    const answer = new smpp.PDU('bind_transceiver_resp', { sequence_number: 1, system_id: 'SMSC' });
    smsc.writeAll([answer, new smpp.PDU('unbind', { sequence_number: 1 })]);
    expect(await first).toMatchObject({ vendorCode: 'unbound', mayHaveBeenSent: false });
    smsc.bindAnswer = undefined;
    await until(
      () => smsc.open === 0,
      () => smsc.counts,
    );
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
  });

  it.each(['ESME_RBINDFAIL', 'ESME_RINVPASWD', 'ESME_RINVSYSID'])(
    'is misconfigured and retries slowly after a refused bind: %s',
    async (status) => {
      const { smsc, provider } = await started({}, { ...QUICK, refusedMs: NEVER_MS });
      const quick = await started({}, QUICK);
      quick.smsc.bindAnswer = status;
      quick.provider.listen(LISTENER);
      smsc.bindAnswer = status;
      for (let n = 0; n < 3; n += 1) {
        expect(await outcome(provider)).toMatchObject({ name: 'ProviderMisconfigured', vendorCode: status });
        // Meanwhile the account with the shorter wait makes two more attempts.
        const { refusedBinds } = quick.smsc;
        await until(
          () => quick.smsc.refusedBinds >= refusedBinds + 2,
          () => quick.smsc.counts,
        );
      }
      expect(smsc.connections).toBe(1);
    },
  );

  it('binds once the SMS centre accepts it again', async () => {
    const { smsc, provider } = await started({}, QUICK);
    smsc.bindAnswer = 'ESME_RINVPASWD';
    provider.listen(LISTENER);
    await until(
      () => smsc.refusedBinds >= 3,
      () => smsc.counts,
    );
    smsc.bindAnswer = undefined;
    await until(
      () => smsc.bound === 1,
      () => smsc.counts,
    );
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
  });

  it.each([
    ['ESME_RALYBND', { name: 'ProviderUnavailable', mayHaveBeenSent: false }],
    ['ESME_RSYSERR', { name: 'ProviderUnavailable', mayHaveBeenSent: false }],
    ['ESME_RTHROTTLED', { name: 'ProviderOverQuota', retryAfterMs: 1_000 }],
    ['ESME_RINVDSTADR', { name: 'ProviderUnavailable', mayHaveBeenSent: false }],
    ['0x0400', { name: 'ProviderUnavailable', mayHaveBeenSent: false }],
  ])('is unavailable after: %s', async (status, expected) => {
    const { smsc, provider } = await started({}, QUICK);
    smsc.bindAnswer = status;
    expect(await outcome(provider)).toMatchObject(expected);
  });

  it('sends nothing if the bind is not answered', async () => {
    const { smsc, provider } = await started({}, { answerMs: 50 });
    smsc.bindAnswer = 'hang';
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'timeout', mayHaveBeenSent: false });
  });

  it('sends nothing if the bind is not answered within the timeout of an SMS', async () => {
    const { smsc, provider } = await started({ requestTimeoutMs: 100 }, { answerMs: 500 });
    smsc.bindAnswer = 'hang';
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'timeout', mayHaveBeenSent: false });
  });

  it('backs off if binds do not last', async () => {
    const { smsc, provider } = await started({}, { reconnectMs: NEVER_MS, maxReconnectMs: NEVER_MS });
    for (const expected of [accepted, accepted]) {
      expect(await outcome(provider)).toMatchObject(expected);
      smsc.dropConnections();
      await until(
        () => smsc.bound === 0,
        () => smsc.counts,
      );
      await roundTrip();
    }
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'ECONNRESET', mayHaveBeenSent: false });
    expect(smsc.connections).toBe(2);
  });

  it('sends enquire_link while idle', async () => {
    const { smsc, provider } = await started({}, { enquireMs: 5 });
    provider.listen(LISTENER);
    await until(
      () => smsc.enquiries >= 3,
      () => smsc.counts,
    );
    expect(smsc.connections).toBe(1);
  });

  it('drops a dead connection, whose pending SMS may have been sent', async () => {
    const { smsc, provider } = await started({}, { enquireMs: 20, answerMs: 500 });
    smsc.isDeaf = true;
    smsc.answerWith('hang', 1);
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'timeout', mayHaveBeenSent: true });
    smsc.isDeaf = false;
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc.connections).toBe(2);
  });

  it('sends enquire_link after an unanswered SMS', async () => {
    const { smsc, provider } = await started({ requestTimeoutMs: SHORT_TIMEOUT_MS });
    smsc.answerWith('hang', 1);
    expect(await outcome(provider)).toMatchObject({ vendorCode: 'timeout', mayHaveBeenSent: true });
    await until(
      () => smsc.enquiries === 1,
      () => smsc.counts,
    );
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
    expect(smsc.connections).toBe(1);
  });

  it('unbinds when it closes', async () => {
    const { smsc, provider } = await started({ windowSize: 2 }, {}, { latencyMs: 20 });
    provider.listen(LISTENER);
    const sends = Array.from({ length: 6 }, () => outcome(provider));
    await until(
      () => smsc.asked > 0,
      () => smsc.counts,
    );
    await provider.close();
    for (const result of await Promise.all(sends)) expect(result).toMatchObject(accepted);
    expect(smsc).toMatchObject({ unbinds: 1, connections: 1, asked: 6 });
    await until(
      () => smsc.bound === 0,
      () => smsc.counts,
    );
  });

  it('closes while it is binding', async () => {
    const { smsc, provider } = await started({}, { answerMs: 50 });
    smsc.bindAnswer = 'hang';
    provider.listen(LISTENER);
    await until(
      () => smsc.connections === 1,
      () => smsc.counts,
    );
    await provider.close();
    expect(smsc.bound).toBe(0);
  });

  it('binds a transmitter and a receiver if the SMS centre accepts no transceiver', async () => {
    const { smsc, provider } = await started({ bind: 'transmitter-receiver' }, QUICK, { isOneWay: true });
    const heard: unknown[] = [];
    provider.listen({
      reports: async (reports) => void heard.push(...reports),
      inbound: async (texts) => void heard.push(...texts),
    });
    await until(
      () => smsc.bound === 2,
      () => smsc.counts,
    );
    expect(smsc.boundAs.toSorted()).toEqual(['bind_receiver', 'bind_transmitter']);
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
    expect(await smsc.deliver(textReceipt('00ABCDEF', 'DELIVRD'))).toBe('ESME_ROK');
    expect(heard).toMatchObject([{ vendorMessageId: 'abcdef', status: 'delivered' }]);
    // Both reconnect.
    smsc.dropConnections();
    await until(
      () => smsc.binds === 4 && smsc.bound === 2,
      () => smsc.counts,
    );
    await provider.close();
    expect(smsc.unbinds).toBe(2);
    const transceiver = smppProvider(smsc, {}, { timings: QUICK });
    closeLater(transceiver);
    expect(await outcome(transceiver)).toMatchObject({ vendorCode: 'ESME_RINVCMDID' });
  });

  it('answers unknown requests and enquire_link of the SMS centre', async () => {
    const { smsc, provider } = await started();
    await provider.send(SMPP_MESSAGE, smppContext());
    await expect(smsc.deliver({}, 'enquire_link')).resolves.toBe('ESME_ROK');
    const pigeon = Object.assign(new smpp.PDU('enquire_link'), { command_id: 0x0001_0200 });
    await expect(smsc.ask(pigeon)).resolves.toBe('ESME_RINVCMDID');
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject(accepted);
  });
});
