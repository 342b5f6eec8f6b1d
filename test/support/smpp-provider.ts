import { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { SendContext, SmsMessage } from '../../src/providers/provider.js';
import { SMPP_TIMINGS, type SmppTimings } from '../../src/providers/smpp/smpp-timings.js';
import { SmppProvider } from '../../src/providers/smpp/smpp.provider.js';
import type { SmscSimulator } from './smsc-simulator.js';

export const SMPP_MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  validForSeconds: 3_600,
};

export const smppContext = (signal: AbortSignal = new AbortController().signal): SendContext => ({
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal,
});

/** A provider bound to this centre. @param options.isTrusting whether it trusts the centre's certificate. */
export function smppProvider(
  smsc: SmscSimulator,
  over: Partial<SmppSettings> = {},
  { isTrusting = true, timings = {} }: { isTrusting?: boolean; timings?: Partial<SmppTimings> } = {},
): SmppProvider {
  const settings = Object.assign(new SmppSettings(), {
    id: 'smpp',
    type: 'smpp',
    host: 'smsc.invalid',
    endpoint: smsc.url,
    systemId: smsc.systemId,
    password: smsc.password,
    from: '+15005550006',
    ...(isTrusting && smsc.ca !== undefined ? { ca: smsc.ca } : {}),
  });
  return new SmppProvider(Object.assign(settings, over), { ...SMPP_TIMINGS, ...timings });
}
