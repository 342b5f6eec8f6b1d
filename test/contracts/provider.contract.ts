import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  SendAborted,
} from '../../src/domain/outcome.js';
import { REASONS } from '../../src/domain/reason.js';
import type { Provider, SendContext } from '../../src/providers/provider.js';
import type { Scenario } from '../support/scenario.js';
import { SLOWNESS, until } from '../support/until.js';

export interface RigOptions {
  readonly timeoutMs?: number;
  readonly latencyMs?: number;
  readonly badCredentials?: boolean;
  /** The vendor's certificate authority is not in the settings. */
  readonly untrusted?: boolean;
}

/** A provider and its local vendor. */
export interface Rig<M> {
  readonly provider: Provider<M>;
  /** Sets the vendor's behaviour. @returns the message to send. */
  arrange(scenario: Scenario, retryAfter?: string): M;
  /** Messages that the vendor accepted. */
  taken(): number;
  /** Strings that may not appear in an error: tokens, numbers, content. */
  readonly secrets: readonly string[];
  /** Present if the vendor is on a network. */
  readonly network?: {
    /** Requests to send, regardless of the answer. */
    asked(): number;
    connections(): number;
    stopVendor(): Promise<void>;
  };
  stop(): Promise<void>;
}

/** Concurrent sends. Over HTTP/1.1 each may open a connection with a CPU-intensive TLS handshake. */
const AT_ONCE = 100;

const rigs: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

function context(signal: AbortSignal = new AbortController().signal, n = 1): SendContext {
  const deliveryId = `01234567-89ab-7def-8123-${String(n).padStart(12, '0')}`;
  return { deliveryId, appId: 'app123', uid: 'uid-2', kind: 'chat', signal };
}

/** @returns the error of a send. @throws if the send returned. */
async function thrown(sending: Promise<unknown>): Promise<Error> {
  const settled = await Promise.allSettled([sending]);
  if (settled[0].status === 'rejected' && settled[0].reason instanceof Error) return settled[0].reason;
  throw new Error('send returned, or threw something that is no error');
}

/** Everything that a log may contain of an error. */
const shown = (error: Error): string =>
  [
    error.message,
    error.stack,
    JSON.stringify(error),
    error.cause instanceof Error ? error.cause.stack : '',
  ].join(' ');

/** Tests that every provider passes. */
export function providerContract<M>(name: string, start: (options?: RigOptions) => Promise<Rig<M>>): void {
  const rigged = async (options?: RigOptions): Promise<Rig<M>> => {
    const rig = await start(options);
    rigs.push(rig);
    return rig;
  };

  describe(`the provider contract of ${name}`, () => {
    it('returns an accepted message with its id', async () => {
      const rig = await rigged();
      const result = await rig.provider.send(rig.arrange('accept'), context());
      expect(result).toMatchObject({ outcome: 'accepted', vendorMessageId: expect.stringMatching(/./) });
      expect(rig.taken()).toBe(1);
    });

    it.each([
      ['refuse_address', true],
      ['refuse_message', false],
    ] as const)('returns a refusal: %s', async (scenario, addressIsDead) => {
      const rig = await rigged();
      const result = await rig.provider.send(rig.arrange(scenario), context());
      expect(result).toMatchObject({
        outcome: 'refused',
        addressIsDead,
        vendorCode: expect.stringMatching(/./),
      });
      expect(Object.keys(REASONS)).toContain('reason' in result ? result.reason : '');
    });

    it('throws ProviderUnavailable on a fault of the vendor', async () => {
      const rig = await rigged();
      const error = await thrown(rig.provider.send(rig.arrange('fault'), context()));
      expect(error).toBeInstanceOf(ProviderUnavailable);
      expect(error).toMatchObject({ vendorCode: expect.stringMatching(/./), mayHaveBeenSent: false });
    });

    it('throws ProviderOverQuota with a default delay if the vendor names none', async () => {
      const rig = await rigged();
      const error = await thrown(rig.provider.send(rig.arrange('over_quota'), context()));
      expect(error).toBeInstanceOf(ProviderOverQuota);
      expect((error as ProviderOverQuota).retryAfterMs).toBeGreaterThan(0);
    });

    it('throws SendAborted if the signal is already aborted', async () => {
      const rig = await rigged();
      const error = await thrown(rig.provider.send(rig.arrange('accept'), context(AbortSignal.abort())));
      expect(error).toBeInstanceOf(SendAborted);
      expect(rig.taken()).toBe(0);
    });

    it('sends many messages concurrently', async () => {
      const rig = await rigged({ latencyMs: 5, timeoutMs: 60_000 });
      const message = rig.arrange('accept');
      const sends = Array.from({ length: AT_ONCE }, (_, n) =>
        rig.provider.send(message, context(undefined, n)),
      );
      const results = await Promise.all(sends);
      const ids = results.map((result) => ('vendorMessageId' in result ? result.vendorMessageId : ''));
      expect(new Set(ids).size).toBe(AT_ONCE);
      expect(rig.taken()).toBe(AT_ONCE);
      if (rig.network) expect(rig.network.connections()).toBeLessThan(AT_ONCE + 5);
    });

    it('checks the account without sending anything', async () => {
      const rig = await rigged();
      const checked = await rig.provider.check(new AbortController().signal);
      expect(checked).toMatchObject({
        outcome: expect.stringMatching(/^(ok|unknown)$/),
        text: expect.stringMatching(/\.$/),
      });
      expect(rig.taken()).toBe(0);
    });

    it('may be closed unused and twice', async () => {
      const rig = await rigged();
      await rig.provider.close();
      await expect(rig.provider.close()).resolves.toBeUndefined();
    });

    it('includes neither address nor content in an error', async () => {
      const rig = await rigged();
      for (const scenario of ['fault', 'over_quota'] as const) {
        const text = shown(await thrown(rig.provider.send(rig.arrange(scenario), context())));
        for (const secret of rig.secrets) expect(text).not.toContain(secret);
      }
    });
  });
}

/** Features that a vendor's protocol lacks, and whose tests are skipped. */
export interface ProtocolLimits {
  /** Answers carry no Retry-After. */
  readonly retryAfter?: false;
  /** The local vendor has no TLS. */
  readonly tls?: false;
}

/** Tests for providers with a vendor on a network, in addition to `providerContract`. */
export function networkContract<M>(
  name: string,
  start: (options?: RigOptions) => Promise<Rig<M>>,
  { retryAfter, tls }: ProtocolLimits = {},
): void {
  const rigged = async (
    options?: RigOptions,
  ): Promise<Rig<M> & { network: NonNullable<Rig<M>['network']> }> => {
    const rig = await start(options);
    rigs.push(rig);
    const { network } = rig;
    if (!network) throw new Error('This rig has no network.');
    return { ...rig, network };
  };

  describe(`the network contract of ${name}`, () => {
    if (retryAfter !== false) {
      it.each(['fault_told', 'over_quota_told'] as const)('passes Retry-After on: %s', async (scenario) => {
        const rig = await rigged();
        const seconds = await thrown(rig.provider.send(rig.arrange(scenario, '7'), context()));
        expect(seconds).toMatchObject({ retryAfterMs: 7_000 });
        const date = new Date(Date.now() + 90_000).toUTCString();
        const byDate = (await thrown(
          rig.provider.send(rig.arrange(scenario, date), context()),
        )) as ProviderOverQuota;
        expect(byDate.retryAfterMs).toBeGreaterThan(80_000);
        expect(byDate.retryAfterMs).toBeLessThanOrEqual(90_000);
      });
    }

    it('makes one request and does not retry by itself', async () => {
      const rig = await rigged();
      await thrown(rig.provider.send(rig.arrange('fault'), context()));
      expect(rig.network.asked()).toBe(1);
      await expect(rig.provider.send(rig.arrange('accept'), context())).resolves.toMatchObject({
        outcome: 'accepted',
      });
      expect(rig.network.asked()).toBe(2);
    });

    it('throws ProviderMisconfigured if the credentials are wrong', async () => {
      const rig = await rigged({ badCredentials: true });
      const error = await thrown(rig.provider.send(rig.arrange('accept'), context()));
      expect(error).toBeInstanceOf(ProviderMisconfigured);
      expect(rig.taken()).toBe(0);
    });

    it('finds by a check that the credentials are wrong, or asks nobody', async () => {
      const rig = await rigged({ badCredentials: true });
      const checked = await rig.provider.check(new AbortController().signal);
      if (rig.network.connections() === 0) expect(['ok', 'unknown', 'failed']).toContain(checked.outcome);
      else expect(checked).toMatchObject({ outcome: 'failed', code: expect.stringMatching(/./) });
      for (const secret of rig.secrets) expect(JSON.stringify(checked)).not.toContain(secret);
    });

    it('does not decide by a check if the vendor is away', async () => {
      const rig = await rigged();
      await rig.network.stopVendor();
      const checked = await rig.provider.check(new AbortController().signal);
      if (checked.outcome !== 'ok') expect(checked.outcome).toBe('unknown');
      expect(rig.network.asked()).toBe(0);
    });

    it.each(['hang', 'reset', 'garbage'] as const)(
      'throws ProviderUnavailable with mayHaveBeenSent after: %s',
      async (scenario) => {
        const rig = await rigged({ timeoutMs: 500 * SLOWNESS });
        await rig.provider.send(rig.arrange('accept'), context());
        const error = await thrown(rig.provider.send(rig.arrange(scenario), context()));
        expect(error).toBeInstanceOf(ProviderUnavailable);
        expect(error).toMatchObject({ mayHaveBeenSent: true, vendorCode: expect.stringMatching(/./) });
        if (scenario === 'hang') expect(error).toMatchObject({ vendorCode: 'timeout' });
        for (const secret of rig.secrets) expect(shown(error)).not.toContain(secret);
        await expect(rig.provider.send(rig.arrange('accept'), context())).resolves.toMatchObject({
          outcome: 'accepted',
        });
      },
    );

    it('throws ProviderUnavailable without mayHaveBeenSent if the connection is refused', async () => {
      const rig = await rigged();
      const message = rig.arrange('accept');
      await rig.network.stopVendor();
      const error = await thrown(rig.provider.send(message, context()));
      expect(error).toBeInstanceOf(ProviderUnavailable);
      expect(error).toMatchObject({ vendorCode: 'ECONNREFUSED', mayHaveBeenSent: false });
    });

    if (tls !== false) {
      it('sends nothing to a vendor whose certificate it does not trust', async () => {
        const rig = await rigged({ untrusted: true });
        const error = await thrown(rig.provider.send(rig.arrange('accept'), context()));
        expect(error).toBeInstanceOf(ProviderUnavailable);
        expect(error).toMatchObject({
          vendorCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          mayHaveBeenSent: false,
        });
        expect(rig.taken()).toBe(0);
      });
    }

    it('throws SendAborted if the signal aborts the request', async () => {
      const rig = await rigged();
      await rig.provider.send(rig.arrange('accept'), context());
      const stop = new AbortController();
      const sending = thrown(rig.provider.send(rig.arrange('hang'), context(stop.signal)));
      await until(() => rig.network.asked() >= 2);
      stop.abort();
      expect(await sending).toBeInstanceOf(SendAborted);
    });

    it('reuses its connections', async () => {
      const rig = await rigged();
      const message = rig.arrange('accept');
      for (let n = 0; n < 30; n += 1) await rig.provider.send(message, context(undefined, n));
      expect(rig.network.connections()).toBeLessThanOrEqual(6);
    });

    it('finishes requests in flight when it closes, and accepts no more', async () => {
      const rig = await rigged({ latencyMs: 60 });
      const message = rig.arrange('accept');
      await rig.provider.send(message, context());
      const underWay = Array.from({ length: 20 }, (_, n) =>
        rig.provider.send(message, context(undefined, n)),
      );
      await new Promise((resolve) => setImmediate(resolve));
      await rig.provider.close();
      const results = await Promise.all(underWay);
      expect(results.every((result) => result.outcome === 'accepted')).toBe(true);
      const error = await thrown(rig.provider.send(message, context()));
      expect(error).toMatchObject({
        name: 'ProviderUnavailable',
        vendorCode: 'closed',
        mayHaveBeenSent: false,
      });
    });
  });
}
