import type { PushProviderSettings, SmsProviderSettings } from '../platform/config/provider-settings.js';
import type { Transport } from '../domain/notification.js';
import type { PushProvider, SmsProvider } from './provider.js';

/** A push vendor, as `providers.module.ts` lists it: its `type` in the configuration, and how it is set up. */
export interface PushProviderFactory<S extends PushProviderSettings = PushProviderSettings> {
  readonly channel: 'push';
  readonly type: S['type'];
  /** The kinds of device that it reaches. */
  readonly transports: readonly Transport[];
  /** @throws Error naming the setting that is wrong, which stops the start. */
  create(settings: S): PushProvider;
}

/** An SMS vendor, likewise. */
export interface SmsProviderFactory<S extends SmsProviderSettings = SmsProviderSettings> {
  readonly channel: 'sms';
  readonly type: S['type'];
  /** @throws Error naming the setting that is wrong, which stops the start. */
  create(settings: S): SmsProvider;
}

export type ProviderFactory = PushProviderFactory | SmsProviderFactory;
