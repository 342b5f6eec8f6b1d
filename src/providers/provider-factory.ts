import type { PushProviderSettings } from '../platform/config/provider-settings.js';
import type { SmsProviderSettings } from '../platform/config/sms-provider-settings.js';
import type { ApnsEnvironment } from '../domain/apns-environment.js';
import type { Transport } from '../domain/notification.js';
import type { PushProvider, SmsProvider } from './provider.js';

/** A push vendor in `providers.module.ts`: its `type` in the configuration and its factory. */
export interface PushProviderFactory<S extends PushProviderSettings = PushProviderSettings> {
  readonly channel: 'push';
  readonly type: S['type'];
  /** The transports that it serves. */
  readonly transports: readonly Transport[];
  /** The environment that the account serves, if accounts share an id; unset: all. */
  environmentOf?(settings: S): ApnsEnvironment;
  /** The URLs that it calls; unset: none. */
  endpointsOf?(settings: S): readonly string[];
  /** @throws Error naming the invalid setting; aborts the start. */
  create(settings: S): PushProvider;
}

/** An SMS vendor in `providers.module.ts`. */
export interface SmsProviderFactory<S extends SmsProviderSettings = SmsProviderSettings> {
  readonly channel: 'sms';
  readonly type: S['type'];
  /** The URLs that it calls; unset: none. */
  endpointsOf?(settings: S): readonly string[];
  /** @throws Error naming the invalid setting; aborts the start. */
  create(settings: S): SmsProvider;
}

export type ProviderFactory = PushProviderFactory | SmsProviderFactory;
