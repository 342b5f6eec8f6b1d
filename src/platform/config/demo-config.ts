/** Configuration without a configuration file: one app, with sandboxes instead of vendors. */
export const DEMO = {
  appId: 'app123',
  webhook: { username: 'cometchat', password: 'webhook-demo' },
  apiKey: 'backend-demo-key',
  jwtSecret: 'client-demo-secret',
  callbackSecret: 'callback-demo-secret',
} as const;

export const DEMO_CONFIG = {
  apps: [
    {
      appId: DEMO.appId,
      region: 'us',
      webhook: { basicAuth: [DEMO.webhook] },
      clients: { apiKeys: [DEMO.apiKey], jwt: { secret: DEMO.jwtSecret }, mayChangeContact: true },
      push: { providers: [{ id: 'default', type: 'sandbox' }] },
      sms: {
        defaultCountry: 'US',
        providers: [{ id: 'sandbox', type: 'sandbox', from: 'Bellhop', callbackSecret: DEMO.callbackSecret }],
      },
    },
  ],
};
