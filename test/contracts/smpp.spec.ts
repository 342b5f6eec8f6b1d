import { describe, expect, it } from '@jest/globals';
import { SendAborted } from '../../src/domain/outcome.js';
import type { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { SmppProvider } from '../../src/providers/smpp/smpp.provider.js';
import type { SmsMessage } from '../../src/providers/provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { smppContext, smppProvider, SMPP_MESSAGE } from '../support/smpp-provider.js';
import { smscAnswer, SmscSimulator, type SmscOptions } from '../support/smsc-simulator.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

const rig =
  (smscOptions: SmscOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const smsc = await SmscSimulator.start({
      ...smscOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const over: Partial<SmppSettings> = {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? { password: 'wrong' } : {}),
    };
    const provider = smppProvider(smsc, over, { isTrusting: !untrusted });
    return {
      provider,
      arrange: (scenario) => {
        smsc.answerWith(smscAnswer(scenario));
        return SMPP_MESSAGE;
      },
      taken: () => smsc.received.length,
      secrets: [SMPP_MESSAGE.address.phno, 'Andrew Joseph', smsc.password],
      network: {
        asked: () => smsc.asked,
        connections: () => smsc.connections,
        stopVendor: () => smsc.close(),
      },
      stop: async () => {
        await provider.close();
        await smsc.close();
      },
    };
  };

providerContract('smpp', rig({}));
networkContract('smpp', rig({}), { retryAfter: false, tls: false });
providerContract('smpp over TLS', rig({ tls: true }));
networkContract('smpp over TLS', rig({ tls: true }), { retryAfter: false });

describe('a check of the SMPP provider', () => {
  const closeLater = closeAfterEach();
  const started = async (
    over: Partial<SmppSettings> = {},
    options: SmscOptions = {},
  ): Promise<{ smsc: SmscSimulator; provider: SmppProvider }> => {
    const smsc = await SmscSimulator.start(options);
    const provider = smppProvider(smsc, over);
    closeLater(smsc, provider);
    return { smsc, provider };
  };
  const { signal } = smppContext();
  const healthy = {
    outcome: 'ok',
    code: null,
    text: 'The account is bound for sending, and the SMSC responds.',
  };

  it('binds, enquires and sends nothing', async () => {
    const { smsc, provider } = await started();
    expect(await provider.check(signal)).toEqual(healthy);
    expect(smsc).toMatchObject({ connections: 1, binds: 1, enquiries: 1, asked: 0 });
  });

  it('uses the bind that is there, and SMS use the bind of a check', async () => {
    const { smsc, provider } = await started();
    await provider.send(SMPP_MESSAGE, smppContext());
    expect(await provider.check(signal)).toEqual(healthy);
    expect(await provider.check(signal)).toEqual(healthy);
    await provider.send(SMPP_MESSAGE, smppContext());
    expect(smsc).toMatchObject({ connections: 1, binds: 1, enquiries: 2 });
  });

  it('binds the transmitter only', async () => {
    const { smsc, provider } = await started({ bind: 'transmitter-receiver' }, { isOneWay: true });
    expect(await provider.check(signal)).toEqual(healthy);
    expect(smsc.boundAs).toEqual(['bind_transmitter']);
  });

  it('fails with wrong credentials, and does not bind again before the delay is over', async () => {
    const { smsc, provider } = await started({ password: 'wrong' });
    const failed = { outcome: 'failed', code: 'ESME_RINVPASWD' };
    expect(await provider.check(signal)).toMatchObject(failed);
    expect(await provider.check(signal)).toMatchObject(failed);
    expect(smsc.bindRequests).toBe(1);
  });

  it.each(['ESME_RALYBND', 'ESME_RSYSERR', 'ESME_RTHROTTLED', '0x00000400'])(
    'proves nothing if the bind is refused with %s',
    async (code) => {
      const { smsc, provider } = await started();
      smsc.bindAnswer = code;
      expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code });
    },
  );

  it('proves nothing if the SMS centre is down', async () => {
    const { smsc, provider } = await started();
    await smsc.close();
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code: 'ECONNREFUSED' });
  });

  it('proves nothing if enquire_link is not answered in time', async () => {
    const { smsc, provider } = await started({ requestTimeoutMs: SHORT_TIMEOUT_MS });
    smsc.isDeaf = true;
    expect(await provider.check(signal)).toMatchObject({ outcome: 'unknown', code: 'timeout' });
  });

  it('ends when it is aborted', async () => {
    const { smsc, provider } = await started();
    smsc.isDeaf = true;
    const stop = new AbortController();
    const checking = provider.check(stop.signal).catch((error: unknown) => error);
    await until(
      () => smsc.enquiries === 1,
      () => smsc.counts,
    );
    stop.abort();
    expect(await checking).toBeInstanceOf(SendAborted);
    await expect(provider.check(stop.signal)).rejects.toBeInstanceOf(SendAborted);
  });
});
