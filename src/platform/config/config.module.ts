import { Global, Module, type DynamicModule } from '@nestjs/common';
import { GatewayConfig } from './gateway-config.js';
import type { ProcessSettings } from './process-settings.js';

/** Injection token of `ProcessSettings`. */
export const PROCESS_SETTINGS = Symbol('PROCESS_SETTINGS');

/** True where the built-in demo configuration runs: there the sandbox may be read without a login, on loopback. */
export abstract class DemoMode {
  abstract readonly enabled: boolean;
}

/** Hands the checked settings to whoever asks for them. */
@Global()
@Module({})
export class ConfigModule {
  static with(settings: ProcessSettings, config: GatewayConfig, demo: boolean): DynamicModule {
    const providers = [
      { provide: PROCESS_SETTINGS, useValue: settings },
      { provide: GatewayConfig, useValue: config },
      { provide: DemoMode, useValue: { enabled: demo } },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}
