import type { OnApplicationShutdown } from '@nestjs/common';
import { inEnvironment, type ApnsEnvironment } from '../domain/apns-environment.js';
import type { PushAddress } from '../domain/delivery.js';
import type { Channel } from '../domain/notification.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';
import { credentialHash } from './credential-hash.js';
import { EitherEnvironment } from './either-environment.js';
import type { AnyProvider, PushProvider, SmsProvider } from './provider.js';
import type { PushProviderSettings } from '../platform/config/provider-settings.js';
import type { SmsProviderSettings } from '../platform/config/sms-provider-settings.js';
import type { ProviderFactory, PushProviderFactory, SmsProviderFactory } from './provider-factory.js';

/** A configured account with a vendor. */
export interface RegisteredAccount {
  readonly appId: string;
  readonly channel: Channel;
  /** The provider's id. */
  readonly id: string;
  readonly type: string;
  /** The APNs environment that it serves, if it serves one. */
  readonly environment: ApnsEnvironment | undefined;
  readonly provider: AnyProvider;
  /** The URLs that it calls. */
  readonly endpoints: readonly string[];
  /** Its additional certificate authorities in PEM. */
  readonly ca: string | undefined;
}

/** An account and the environment that it serves. */
interface PushAccount {
  readonly environment: ApnsEnvironment | undefined;
  readonly provider: PushProvider;
}

/** Accounts that share an id, and the provider for devices without a known environment. */
interface PushAccounts {
  readonly all: readonly PushAccount[];
  readonly forUnknown: PushProvider | undefined;
}

/** All configured accounts of all apps, created at start and closed at shutdown. */
export class ProviderRegistry implements OnApplicationShutdown {
  private readonly push = new Map<string, PushAccounts>();
  private readonly sms = new Map<string, SmsProvider>();
  private readonly registered: RegisteredAccount[] = [];
  private readonly credentials = new WeakMap<AnyProvider, () => Promise<Buffer>>();

  /** @throws Error naming the app, provider and setting that are invalid. */
  constructor(config: GatewayConfig, factories: readonly ProviderFactory[]) {
    for (const app of config.apps) {
      for (const settings of app.push.providers) {
        const factory = factories.find(
          (f): f is PushProviderFactory => f.channel === 'push' && f.type === settings.type,
        );
        if (!factory)
          throw new Error(`${app.appId}: no push provider of type ${settings.type} is installed.`);
        const provider = named(`${app.appId}: push provider ${settings.id}`, () => factory.create(settings));
        const account = { environment: factory.environmentOf?.(settings), provider };
        const endpoints = factory.endpointsOf?.(settings) ?? [];
        this.register(app.appId, 'push', settings, { ...account, endpoints });
        for (const transport of factory.transports) {
          const at = key(app.appId, settings.id, transport);
          this.push.set(at, accountsOf([...(this.push.get(at)?.all ?? []), account]));
        }
      }
      for (const settings of app.sms.providers) {
        const factory = factories.find(
          (f): f is SmsProviderFactory => f.channel === 'sms' && f.type === settings.type,
        );
        if (!factory) throw new Error(`${app.appId}: no SMS provider of type ${settings.type} is installed.`);
        const provider = named(`${app.appId}: SMS provider ${settings.id}`, () => factory.create(settings));
        this.sms.set(key(app.appId, settings.id), provider);
        const endpoints = factory.endpointsOf?.(settings) ?? [];
        this.register(app.appId, 'sms', settings, { environment: undefined, provider, endpoints });
      }
    }
  }

  /** The account for this device; undefined if none is configured. */
  pushProvider(
    appId: string,
    providerId: string,
    { transport, environment }: Pick<PushAddress, 'transport' | 'environment'>,
  ): PushProvider | undefined {
    const accounts = this.push.get(key(appId, providerId, transport));
    return environment ? inEnvironment(accounts?.all ?? [], environment)?.provider : accounts?.forUnknown;
  }

  smsProvider(appId: string, providerId: string): SmsProvider | undefined {
    return this.sms.get(key(appId, providerId));
  }

  /** All accounts, in the order of the configuration. */
  accounts(): readonly RegisteredAccount[] {
    return this.registered;
  }

  /** The credential hash of a registered provider, the same in all processes with the same credentials. */
  credentialOf(provider: AnyProvider): Promise<Buffer> {
    const hash = this.credentials.get(provider);
    if (!hash) throw new Error('The provider is not one of the registry.');
    return hash();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.registered.map(({ provider }) => provider.close()));
  }

  private register(
    appId: string,
    channel: Channel,
    settings: PushProviderSettings | SmsProviderSettings,
    account: Pick<RegisteredAccount, 'environment' | 'provider' | 'endpoints'>,
  ): void {
    const { id, type, ca } = settings;
    this.registered.push({ appId, channel, id, type, ca, ...account });
    this.credentials.set(account.provider, hashOnce(appId, settings));
  }
}

function accountsOf(all: readonly PushAccount[]): PushAccounts {
  const first = inEnvironment(all, undefined);
  const other = all.find(
    ({ environment }) => environment !== undefined && environment !== first?.environment,
  );
  const forUnknown =
    first?.environment && other?.environment
      ? new EitherEnvironment(
          { environment: first.environment, provider: first.provider },
          { environment: other.environment, provider: other.provider },
        )
      : first?.provider;
  return { all, forUnknown };
}

const key = (...parts: string[]): string => parts.join(' ');

/** Computed on first use: it takes tens of milliseconds. */
function hashOnce(appId: string, settings: object): () => Promise<Buffer> {
  let made: Promise<Buffer> | undefined;
  return () => (made ??= credentialHash(appId, settings));
}

function named<T>(who: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new Error(`${who}: ${error instanceof Error ? error.message : 'cannot be set up'}.`, {
      cause: error,
    });
  }
}
