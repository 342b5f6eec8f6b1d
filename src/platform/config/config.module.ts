import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ConfigOrigins } from './config-origins.js';
import { GatewayConfig } from './gateway-config.js';
import type { ProcessSettings } from './process-settings.js';

/** Injection token of `ProcessSettings`. */
export const PROCESS_SETTINGS = Symbol('PROCESS_SETTINGS');

/** True if the built-in demo configuration runs; it allows reading the sandbox on loopback without a login. */
export abstract class DemoMode {
  abstract readonly enabled: boolean;
}

/** Provides the validated settings. */
@Global()
@Module({})
export class ConfigModule {
  static with(
    settings: ProcessSettings,
    config: GatewayConfig,
    origins: ConfigOrigins,
    demo: boolean,
  ): DynamicModule {
    const providers = [
      { provide: PROCESS_SETTINGS, useValue: settings },
      { provide: GatewayConfig, useValue: config },
      { provide: ConfigOrigins, useValue: origins },
      { provide: DemoMode, useValue: { enabled: demo } },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}
