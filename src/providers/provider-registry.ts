import type { OnApplicationShutdown } from '@nestjs/common';
import { inEnvironment, type ApnsEnvironment } from '../domain/apns-environment.js';
import type { PushAddress } from '../domain/delivery.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';
import type { Provider, PushProvider, SmsProvider } from './provider.js';
import type { ProviderFactory, PushProviderFactory, SmsProviderFactory } from './provider-factory.js';

/** One account, and the devices of its kinds that it serves. */
interface PushAccount {
  readonly environment: ApnsEnvironment | undefined;
  readonly provider: PushProvider;
}

/** Every configured account of every app, set up once at start and closed at stop. */
export class ProviderRegistry implements OnApplicationShutdown {
  private readonly push = new Map<string, PushAccount[]>();
  private readonly sms = new Map<string, SmsProvider>();

  /** @throws Error naming app, provider and setting where one cannot be set up. */
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
        for (const transport of factory.transports) {
          const at = key(app.appId, settings.id, transport);
          this.push.set(at, [...(this.push.get(at) ?? []), account]);
        }
      }
      for (const settings of app.sms.providers) {
        const factory = factories.find(
          (f): f is SmsProviderFactory => f.channel === 'sms' && f.type === settings.type,
        );
        if (!factory) throw new Error(`${app.appId}: no SMS provider of type ${settings.type} is installed.`);
        const provider = named(`${app.appId}: SMS provider ${settings.id}`, () => factory.create(settings));
        this.sms.set(key(app.appId, settings.id), provider);
      }
    }
  }

  /** The account that reaches this device, or undefined where the configuration has none. */
  pushProvider(
    appId: string,
    providerId: string,
    { transport, environment }: Pick<PushAddress, 'transport' | 'environment'>,
  ): PushProvider | undefined {
    const accounts = this.push.get(key(appId, providerId, transport)) ?? [];
    return inEnvironment(accounts, environment)?.provider;
  }

  smsProvider(appId: string, providerId: string): SmsProvider | undefined {
    return this.sms.get(key(appId, providerId));
  }

  async onApplicationShutdown(): Promise<void> {
    const push = [...this.push.values()].flat().map(({ provider }) => provider);
    const providers = new Set<Provider<never>>([...push, ...this.sms.values()]);
    await Promise.all([...providers].map((provider) => provider.close()));
  }
}

const key = (...parts: string[]): string => parts.join(' ');

function named<T>(who: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new Error(`${who}: ${error instanceof Error ? error.message : 'cannot be set up'}.`, {
      cause: error,
    });
  }
}
