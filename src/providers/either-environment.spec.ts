import { describe, expect, it } from '@jest/globals';
import type { ApnsEnvironment } from '../domain/apns-environment.js';
import { ProviderMisconfigured, ProviderUnavailable, type SendResult } from '../domain/outcome.js';
import { EitherEnvironment, type EnvironmentAccount } from './either-environment.js';
import type { Checked, PushMessage, SendContext } from './provider.js';

const UNKNOWN_TOKEN: SendResult = {
  outcome: 'refused',
  reason: 'token_invalid',
  vendorCode: 'BadDeviceToken',
  addressIsDead: true,
  environmentMayBeWrong: true,
};
const TAKEN: SendResult = { outcome: 'accepted', vendorMessageId: 'm-1' };
const message = (token = 'aa'): PushMessage => ({
  address: { transport: 'apns', token, platform: 'apns_ios_device' },
  payload: {},
  headers: {},
});
const context = {
  deliveryId: 'd',
  appId: 'a',
  uid: 'u',
  kind: 'chat',
  signal: AbortSignal.timeout(60_000),
} as SendContext;

const OK: Checked = { outcome: 'ok', code: null, text: 'Right.' };

/** Two accounts with fixed results, and a record of their calls. */
function accounts(
  production: SendResult | Error,
  sandbox: SendResult | Error,
  tookMs = 0,
  checks: Readonly<Record<ApnsEnvironment, Checked>> = { production: OK, sandbox: OK },
) {
  const asked: ApnsEnvironment[] = [];
  let now = 0;
  const account = (environment: ApnsEnvironment, answer: SendResult | Error): EnvironmentAccount => ({
    environment,
    provider: {
      send: async () => {
        asked.push(environment);
        now += tookMs;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      check: async () => checks[environment],
      close: async () => undefined,
    },
  });
  const either = new EitherEnvironment(
    account('production', production),
    account('sandbox', sandbox),
    () => now,
  );
  return { either, asked };
}

describe('EitherEnvironment', () => {
  it('tries the other environment once for an unknown token and caches success', async () => {
    const { either, asked } = accounts(UNKNOWN_TOKEN, TAKEN);
    const accepted = { ...TAKEN, environment: 'sandbox' };
    expect(await either.send(message(), context)).toEqual(accepted);
    expect(await either.send(message(), context)).toEqual(accepted);
    expect(asked).toEqual(['production', 'sandbox', 'sandbox']);
    await either.send(message('bb'), context);
    expect(asked.slice(3)).toEqual(['production', 'sandbox']);
  });

  it('does not try the other environment for other results', async () => {
    for (const answer of [TAKEN, { ...UNKNOWN_TOKEN, environmentMayBeWrong: false } as SendResult]) {
      const { either, asked } = accounts(answer, TAKEN);
      expect(await either.send(message(), context)).toMatchObject({ outcome: answer.outcome });
      expect(asked).toEqual(['production']);
    }
  });

  it('reports an address as dead that is unknown in both environments', async () => {
    const { either } = accounts(UNKNOWN_TOKEN, UNKNOWN_TOKEN);
    expect(await either.send(message(), context)).toMatchObject({ outcome: 'refused', addressIsDead: true });
  });

  it('reports no address as dead while the other environment is unavailable', async () => {
    const misconfigured = accounts(UNKNOWN_TOKEN, new ProviderMisconfigured({ vendorCode: 'BadTopic' }));
    expect(await misconfigured.either.send(message(), context)).toMatchObject({
      outcome: 'refused',
      addressIsDead: false,
    });
    const away = accounts(UNKNOWN_TOKEN, new ProviderUnavailable({ vendorCode: 'ECONNRESET' }));
    await expect(away.either.send(message(), context)).rejects.toMatchObject({ vendorCode: 'ECONNRESET' });
  });

  it('defers the second call to the next attempt after a slow refusal', async () => {
    const { either, asked } = accounts(UNKNOWN_TOKEN, TAKEN, 2_001);
    await expect(either.send(message(), context)).rejects.toMatchObject({ addressOnly: true });
    expect(asked).toEqual(['production']);
  });

  it('checks both accounts and reports the worse result with both findings', async () => {
    const failed: Checked = { outcome: 'failed', code: 'BadEnvironmentKeyInToken', text: 'Wrong.' };
    const unknown: Checked = { outcome: 'unknown', code: 'timeout', text: 'Late.' };
    const check = (production: Checked, sandbox: Checked): Promise<Checked> =>
      accounts(TAKEN, TAKEN, 0, { production, sandbox }).either.check(context.signal);
    expect(await check(OK, OK)).toEqual({ ...OK, text: 'production: Right. sandbox: Right.' });
    expect(await check(OK, failed)).toEqual({ ...failed, text: 'production: Right. sandbox: Wrong.' });
    expect(await check(failed, unknown)).toEqual({ ...failed, text: 'production: Wrong. sandbox: Late.' });
    expect(await check(unknown, OK)).toMatchObject({ outcome: 'unknown', code: 'timeout' });
  });
});
