import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from '../platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../providers/provider-types.js';
import { claimTimes } from './claim-times.js';

interface Timeouts {
  readonly push?: number;
  readonly sms?: number;
}

const of = ({ push, sms }: Timeouts = {}): ReturnType<typeof claimTimes> => {
  const provider = (requestTimeoutMs: number | undefined): object[] => [
    { id: 'default', type: 'sandbox', ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }) },
  ];
  const app = {
    appId: 'a',
    region: 'us',
    webhook: { basicAuth: [{ username: 'cometchat', password: 'a-long-password' }] },
    push: { providers: provider(push) },
    sms: { providers: provider(sms) },
  };
  const { config, faults } = parseGatewayConfig({ apps: [app] }, '.', {}, PROVIDER_TYPES);
  expect(faults).toEqual([]);
  return claimTimes(config);
};

describe('claimTimes', () => {
  it('sets a claim of 25 s by default, with request timeouts of 15 s for push and 10 s for SMS', () => {
    expect(of()).toEqual({ claimMs: 25_000, beginWithinMs: { push: 7_500, sms: 12_500 } });
  });

  it.each<Timeouts>([
    {},
    { push: 60_000 },
    { sms: 60_000 },
    { push: 100, sms: 100 },
    { push: 15_000, sms: 100 },
  ])('lets every call end within its claim: %j', (timeouts) => {
    const { claimMs, beginWithinMs } = of(timeouts);
    expect(beginWithinMs.push + (timeouts.push ?? 15_000)).toBeLessThan(claimMs);
    expect(beginWithinMs.sms + (timeouts.sms ?? 10_000)).toBeLessThan(claimMs);
    expect(9_000 + (timeouts.push ?? 15_000)).toBeLessThan(claimMs); // after fetching credentials
    expect(2 * (timeouts.sms ?? 10_000)).toBeLessThan(claimMs); // after a status query
  });
});
