import { parseGatewayConfig } from '../../src/platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';
import type { AppSettings } from '../../src/platform/config/app-settings.js';
import type { Registration } from '../../src/recipients/devices/registration.js';

/** An app parsed from configuration, with a sandbox provider `default` and an FCM provider `fcm`. */
export function testApp(appId = 'app123', changes: object = {}): AppSettings {
  const app = {
    appId,
    region: 'us',
    webhook: { basicAuth: [{ username: 'cometchat', password: 'secret' }] },
    push: {
      providers: [
        { id: 'default', type: 'sandbox' },
        { id: 'fcm', type: 'fcm' },
      ],
    },
    sms: { defaultCountry: 'US' },
    ...changes,
  };
  const { config, faults } = parseGatewayConfig({ apps: [app] }, '.', {}, PROVIDER_TYPES);
  const [parsed] = config.apps;
  if (!parsed || faults.length > 0) throw new Error(JSON.stringify(faults));
  return parsed;
}

/** The registration of an Android phone, with `changes`. */
export function testRegistration(token: string, changes: Partial<Registration> = {}): Registration {
  return {
    platform: 'fcm_android',
    transport: 'fcm',
    providerId: 'default',
    token,
    webPushKeys: null,
    environment: null,
    sessionId: null,
    timezone: null,
    locale: null,
    appVersion: null,
    ...changes,
  };
}
