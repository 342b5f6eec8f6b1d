import type { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { SmsMessage } from '../../src/providers/provider.js';
import { smppProvider, SMPP_MESSAGE } from '../support/smpp-provider.js';
import { smscAnswer, SmscSimulator, type SmscOptions } from '../support/smsc-simulator.js';
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
