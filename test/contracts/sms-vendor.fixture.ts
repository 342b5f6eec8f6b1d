import { expect, it } from '@jest/globals';
import type { SmsProviderSettings } from '../../src/platform/config/sms-provider-settings.js';
import type { CallbackReader } from '../../src/providers/callback.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import type { SmsProviderFactory } from '../../src/providers/provider-factory.js';
import { closeAfterEach } from '../support/close-after-each.js';
import type { Scenario } from '../support/scenario.js';
import type { Scripted, VendorScript } from '../support/vendor-script.js';
import type { VendorServer, VendorServerOptions } from '../support/vendor-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

/** The SMS sent by the specs of SMS vendors. */
export const SMS: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/vendor/status?secret=0123456789abcdef',
  validForSeconds: 3_600,
};
export const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

interface LocalSmsVendor<M> {
  readonly vendor: VendorServer;
  readonly script: VendorScript<M>;
  close(): Promise<void>;
}

/** Overrides of the fixture's settings; undefined: unset. */
type Over<B> = { readonly [K in keyof B]?: B[K] | undefined };

interface SmsVendorOptions<B extends SmsProviderSettings, S, M, O> {
  readonly factory: SmsProviderFactory<B>;
  readonly Settings: new () => B;
  startServer(options?: O): Promise<S & LocalSmsVendor<M>>;
  play(scenario: Scenario, retryAfter?: string): Scripted<M>;
  /** The account on the local server. */
  account(server: S): Over<B>;
  readonly badCredentials: Over<B>;
  /** The credential that may not appear in an error. */
  secret(server: S): string;
  readonly message?: Partial<SmsMessage>;
}

interface StartedSmsVendor<S, M> {
  readonly server: S & LocalSmsVendor<M>;
  readonly provider: SmsProvider;
  /** SMS that the vendor accepted, in order. */
  readonly received: readonly M[];
  answerWith(answer: Scripted<M>): void;
  /** Sends the SMS of the fixture. @returns the result, or the error that was thrown. */
  send(over?: Partial<SmsMessage>): Promise<unknown>;
}

/** Answers of the vendor, each with the code that is reported. */
type Answers<M> = readonly (readonly [answer: Scripted<M>, vendorCode: string])[];

/** Shared parts of the specs of one SMS vendor: the contracts, a started vendor, and tests of its error tables. */
export interface SmsVendorFixture<B, S, M, O> {
  /** The fixture's SMS for this vendor. */
  readonly message: SmsMessage;
  /** Runs the provider and the network contract. */
  keepsContracts(): void;
  /** Starts a server without TLS and a provider that uses it; both are closed after the test. */
  start(over?: Over<B>, options?: Partial<O>): Promise<StartedSmsVendor<S, M>>;
  /** Another provider on a running server. */
  provide(server: S & LocalSmsVendor<M>, over?: Over<B>): SmsProvider;
  /**
   * One test per row, `maps …`: each answer of the vendor leads to the outcome.
   *
   * @param what ends the title; `%s` stands for the key.
   */
  mapsEach<K extends string | number>(
    what: string,
    rows: readonly (readonly [K, object])[],
    answers: (key: K, server: S) => Answers<M>,
  ): void;
  /** One test per answer: after an unreadable 2xx the SMS may have been sent. */
  mayHaveSentAfter(answers: Readonly<Record<string, Scripted<M>>>): void;
}

export function smsVendor<B extends SmsProviderSettings, S, M, O extends VendorServerOptions>(
  options: SmsVendorOptions<B, S, M, O>,
): SmsVendorFixture<B, S, M, O> {
  const { factory, Settings, startServer, account, badCredentials } = options;
  const closeLater = closeAfterEach();
  const message = { ...SMS, ...options.message };

  const create = (server: S & LocalSmsVendor<M>, over: Over<B>): SmsProvider => {
    const { type } = factory;
    const place = { id: type, type, endpoint: server.vendor.url, ca: server.vendor.ca };
    return factory.create(Object.assign(new Settings(), place, account(server), over));
  };

  const rig = async ({
    timeoutMs,
    latencyMs,
    badCredentials: isStranger,
    untrusted,
  }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const latency = latencyMs === undefined ? {} : { latencyMs };
    const server = await startServer({ http2: false, ...latency } as O);
    const provider = create(server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(isStranger ? badCredentials : {}),
      ...(untrusted ? { ca: undefined } : {}),
    } as Over<B>);
    const { phno } = message.address;
    return {
      provider,
      arrange: (scenario, told) => {
        server.script.answerWith(options.play(scenario, told));
        return message;
      },
      taken: () => server.script.received.length,
      secrets: [phno, phno.slice(1), 'Andrew Joseph', options.secret(server)],
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

  const start: SmsVendorFixture<B, S, M, O>['start'] = async (over = {}, serverOptions = {}) => {
    const server = await startServer({ tls: false, ...serverOptions } as O);
    const provider = create(server, over);
    closeLater(server, provider);
    return {
      server,
      provider,
      received: server.script.received,
      answerWith: (answer) => server.script.answerWith(answer),
      send: (sms = {}) => outcomeOf(provider.send({ ...message, ...sms }, CONTEXT)),
    };
  };

  const mapsEach: SmsVendorFixture<B, S, M, O>['mapsEach'] = (what, rows, answers) => {
    it.each(rows)(`maps ${what}`, async (key, outcome) => {
      const { server, answerWith, send } = await start();
      for (const [answer, vendorCode] of answers(key, server)) {
        answerWith(answer);
        expect(await send()).toMatchObject({ ...outcome, vendorCode });
      }
    });
  };

  return {
    message,
    start,
    mapsEach,
    provide: (server, over = {}) => {
      const provider = create(server, over);
      closeLater(provider);
      return provider;
    },
    keepsContracts: () => {
      providerContract(factory.type, rig);
      networkContract(factory.type, rig);
    },
    mayHaveSentAfter: (answers) => {
      it.each(Object.entries(answers))('may have sent the SMS after a 2xx with %s', async (_, answer) => {
        const { answerWith, send } = await start();
        answerWith(answer);
        expect(await send()).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
      });
    },
  };
}

/** The callback reader of an account. */
export function callbackReader<B extends SmsProviderSettings>(
  factory: SmsProviderFactory<B>,
  Settings: new () => B,
  account: Over<B>,
): CallbackReader {
  const { type } = factory;
  const { callbacks } = factory.create(Object.assign(new Settings(), { id: type, type }, account));
  if (!callbacks) throw new Error(`${type} reads no callbacks.`);
  return callbacks;
}

/** @returns the result of an attempt, or the error that was thrown. */
export const outcomeOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.catch((error: unknown) => error);

/** Outcomes, for the rows of an error table. */
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

/** Outcomes of HTTP statuses without a known code, which all vendors share. */
export const BARE_STATUSES: readonly (readonly [number, object])[] = [
  [302, MISCONFIGURED],
  [400, refused('message_refused')],
  [401, MISCONFIGURED],
  [403, MISCONFIGURED],
  [404, MISCONFIGURED],
  [408, MAY_HAVE_BEEN_SENT],
  [413, refused('message_too_large')],
  [429, overQuota(1_000)],
  [500, UNAVAILABLE],
  [502, UNAVAILABLE],
  [503, UNAVAILABLE],
  [504, MAY_HAVE_BEEN_SENT],
];
/** The HTML page of a proxy. */
export const proxyPage = (status: number): { status: number; body: string } => ({
  status,
  body: '<html>no JSON</html>',
});
