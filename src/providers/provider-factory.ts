import type { PushProviderSettings } from '../platform/config/provider-settings.js';
import type { SmsProviderSettings } from '../platform/config/sms-provider-settings.js';
import type { ApnsEnvironment } from '../domain/apns-environment.js';
import type { Transport } from '../domain/notification.js';
import type { PushProvider, SmsProvider } from './provider.js';

/** A push vendor, as `providers.module.ts` lists it: its `type` in the configuration, and how it is set up. */
export interface PushProviderFactory<S extends PushProviderSettings = PushProviderSettings> {
  readonly channel: 'push';
  readonly type: S['type'];
  /** The kinds of device that it reaches. */
  readonly transports: readonly Transport[];
  /** Which of the devices of these kinds, where accounts of one id share them; unset: all. */
  environmentOf?(settings: S): ApnsEnvironment;
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
