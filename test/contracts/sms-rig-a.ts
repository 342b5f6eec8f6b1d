import type { SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import type { Scenario } from '../support/scenario.js';
import type { VendorAnswer, VendorServer, VendorServerOptions } from '../support/vendor-server.js';
import type { Rig, RigOptions } from './provider.contract.js';

/** A local SMS vendor, as far as the contract needs to know it. */
export interface LocalSmsVendor {
  readonly vendor: VendorServer;
  /** Texts that it took, in order. */
  readonly received: readonly unknown[];
  answerWith(answer: VendorAnswer | undefined, times?: number): void;
  close(): Promise<void>;
}

/** How the provider is set up for a test, beside what the vendor's server says of itself. */
export interface ProvideOptions {
  readonly requestTimeoutMs?: number;
  readonly badCredentials?: boolean;
  readonly ca?: string | undefined;
}

export interface SmsVendorUnderTest<S extends LocalSmsVendor> {
  start(options: VendorServerOptions): Promise<S>;
  provide(server: S, options: ProvideOptions): SmsProvider;
  /** How the vendor plays a scenario. */
  play(scenario: Scenario, told?: string): VendorAnswer | undefined;
  readonly message: SmsMessage;
  /** What must never stand in an error, beside the number. */
  readonly secrets: readonly string[];
}

/** What `providerContract` and `networkContract` start. */
export function smsRig<S extends LocalSmsVendor>(
  { start, provide, play, message, secrets }: SmsVendorUnderTest<S>,
  serverOptions: VendorServerOptions,
): (options?: RigOptions) => Promise<Rig<SmsMessage>> {
  return async ({ timeoutMs, latencyMs, badCredentials = false, untrusted }: RigOptions = {}) => {
    const server = await start({ ...serverOptions, ...(latencyMs === undefined ? {} : { latencyMs }) });
    const provider = provide(server, {
      badCredentials,
      ca: untrusted ? undefined : server.vendor.ca,
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
    });
    return {
      provider,
      arrange: (scenario, told) => {
        server.answerWith(play(scenario, told));
        return message;
      },
      taken: () => server.received.length,
      secrets: [message.address.phno, message.address.phno.slice(1), ...secrets],
      network: {
        asked: () => server.vendor.requests,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await server.close();
      },
    };
  };
}

/** What an attempt came to, whether it was returned or thrown. */
export const outcomeOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.catch((error: unknown) => error);

/** How outcomes look, for the rows of an error table. */
export const refused = (reason: string, addressIsDead = false): object => ({
  outcome: 'refused',
  reason,
  addressIsDead,
});
export const DEAD = refused('number_unreachable', true);
export const MISCONFIGURED = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
export const OUT_OF_CREDIT = { name: 'ProviderMisconfigured', reason: 'no_credit' };
export const UNAVAILABLE = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
export const MAY_HAVE_BEEN_SENT = { name: 'ProviderUnavailable', mayHaveBeenSent: true };
export const overQuota = (retryAfterMs: number): object => ({ name: 'ProviderOverQuota', retryAfterMs });

/** What every vendor's answers without a known code mean, by their status. */
export const BARE_STATUSES: readonly (readonly [number, object])[] = [
  [302, MISCONFIGURED],
  [400, refused('message_refused')],
  [401, MISCONFIGURED],
  [403, MISCONFIGURED],
  [404, MISCONFIGURED],
  [408, MAY_HAVE_BEEN_SENT],
  [413, refused('message_too_large')],
  [422, refused('message_refused')],
  [429, overQuota(1_000)],
  [500, UNAVAILABLE],
  [502, UNAVAILABLE],
  [503, UNAVAILABLE],
  [504, MAY_HAVE_BEEN_SENT],
];
