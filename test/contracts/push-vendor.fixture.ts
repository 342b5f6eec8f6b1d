import type { PushProviderSettings } from '../../src/platform/config/provider-settings.js';
import type { PushMessage, PushProvider, SendContext } from '../../src/providers/provider.js';
import type { PushProviderFactory } from '../../src/providers/provider-factory.js';
import { closeAfterEach } from '../support/close-after-each.js';
import type { Scenario } from '../support/scenario.js';
import type { VendorServer } from '../support/vendor-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

export const CONTEXT: SendContext = {
  deliveryId: '01234567-89ab-7def-8123-456789abcdef',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'chat',
  signal: new AbortController().signal,
};

interface LocalPushVendor {
  readonly ca: string | undefined;
  readonly vendor: VendorServer;
  close(): Promise<void>;
}

interface PushVendorOptions<B extends PushProviderSettings, S, O> {
  readonly factory: PushProviderFactory<B>;
  readonly Settings: new () => B;
  startServer(options?: O): Promise<S>;
  /** Server options of the contract tests. */
  readonly contractOptions?: O;
  play(server: S, scenario: Scenario, retryAfter?: string): void;
  /** Messages that the server was asked to send, and those that it accepted. */
  counts(server: S): { readonly asked: number; readonly received: number };
  /** The settings of the account on the local server. */
  account(server: S): Partial<B>;
  badCredentials(server: S): Partial<B>;
  message(server: S): PushMessage;
  /** Strings that may not appear in an error. */
  secrets(server: S, message: PushMessage): readonly string[];
}

interface StartedPushVendor<S> {
  readonly server: S;
  readonly provider: PushProvider;
  readonly message: PushMessage;
  /** Sends a message. @returns the result, or the error that was thrown. */
  outcome(message?: PushMessage): Promise<unknown>;
}

/** Shared parts of the specs of one push vendor. */
export interface PushVendorFixture<B, S, O> {
  /** Runs the provider and the network contract. */
  keepsContracts(): void;
  /** Starts a server and a provider that uses it; both are closed after the test. */
  start(options?: O, over?: Partial<B>): Promise<StartedPushVendor<S>>;
  /** Another provider on a running server; closed after the test. */
  provide(server: S, over?: Partial<B>): PushProvider;
  /** Closes more servers after the test. */
  readonly closeLater: ReturnType<typeof closeAfterEach>;
}

export function pushVendor<B extends PushProviderSettings, S extends LocalPushVendor, O extends object>(
  options: PushVendorOptions<B, S, O>,
): PushVendorFixture<B, S, O> {
  const { factory, Settings, startServer, counts } = options;
  const closeLater = closeAfterEach();

  const create = (server: S, over: Partial<B> = {}): PushProvider => {
    const place = {
      id: 'default',
      type: factory.type,
      ...(server.ca === undefined ? {} : { ca: server.ca }),
    };
    return factory.create(Object.assign(new Settings(), place, options.account(server), over));
  };
  const provide = (server: S, over?: Partial<B>): PushProvider => {
    const provider = create(server, over);
    closeLater(provider);
    return provider;
  };

  const rig = async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<
    Rig<PushMessage>
  > => {
    const latency = latencyMs === undefined ? {} : { latencyMs };
    const server = await startServer({ ...options.contractOptions, ...latency } as O);
    const provider = create(untrusted ? { ...server, ca: undefined } : server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? options.badCredentials(server) : {}),
    } as Partial<B>);
    const message = options.message(server);
    return {
      provider,
      arrange: (scenario, retryAfter) => {
        options.play(server, scenario, retryAfter);
        return message;
      },
      taken: () => counts(server).received,
      secrets: options.secrets(server, message),
      network: {
        asked: () => counts(server).asked,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await server.close();
      },
    };
  };

  return {
    provide,
    closeLater,
    keepsContracts: () => {
      providerContract(factory.type, rig);
      networkContract(factory.type, rig);
    },
    start: async (serverOptions, over) => {
      const server = await startServer(serverOptions);
      closeLater(server);
      const provider = provide(server, over);
      const message = options.message(server);
      return {
        server,
        provider,
        message,
        outcome: (sent = message) => provider.send(sent, CONTEXT).catch((error: unknown) => error),
      };
    },
  };
}

/** The counts of a server with a script. */
export const scriptCounts = ({
  script,
}: {
  readonly script: { readonly asked: number; readonly received: readonly unknown[] };
}): { asked: number; received: number } => ({ asked: script.asked, received: script.received.length });

/** The outcome of a refused message. */
export const refused = (reason: string, addressIsDead = false): object => ({
  outcome: 'refused',
  reason,
  addressIsDead,
});
