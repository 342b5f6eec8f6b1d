import type { OnApplicationShutdown } from '@nestjs/common';
import type { Transport } from '../domain/notification.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';
import type { Provider, PushProvider, SmsProvider } from './provider.js';
import type { ProviderFactory, PushProviderFactory, SmsProviderFactory } from './provider-factory.js';

/** Every configured account of every app, set up once at start and closed at stop. */
export class ProviderRegistry implements OnApplicationShutdown {
  private readonly push = new Map<string, PushProvider>();
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
        for (const transport of factory.transports)
          this.push.set(key(app.appId, settings.id, transport), provider);
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

  /** The account that reaches this kind of device, or undefined where the configuration has none. */
  pushProvider(appId: string, providerId: string, transport: Transport): PushProvider | undefined {
    return this.push.get(key(appId, providerId, transport));
  }

  smsProvider(appId: string, providerId: string): SmsProvider | undefined {
    return this.sms.get(key(appId, providerId));
  }

  async onApplicationShutdown(): Promise<void> {
    const providers = new Set<Provider<never>>([...this.push.values(), ...this.sms.values()]);
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
