import { describe, expect, it } from '@jest/globals';
import type { CustomProvider } from './custom-provider.js';
import type { AppSettings } from '../config/app-settings.js';
import { DEMO_CONFIG } from '../config/demo-config.js';
import { parseGatewayConfig } from '../config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { problemsOf, shownUrl } from './provider-problems.js';

const PUBLIC_URL = 'https://push.example.com';
const ours: CustomProvider = {
  isEnabled: true,
  webhookUrl: `${PUBLIC_URL}/webhooks/cometchat/push`,
  usesBasicAuth: true,
  username: 'cometchat',
  password: 'old-password',
  storedNumbersOnly: false,
};

function appWith(webhook: object): AppSettings {
  const apps = [{ ...DEMO_CONFIG.apps[0], webhook }];
  const { config, faults } = parseGatewayConfig({ apps }, '.', {}, PROVIDER_TYPES);
  const [app] = config.apps;
  if (faults.length > 0 || !app) throw new Error(JSON.stringify(faults));
  return app;
}
const app = appWith({
  basicAuth: [
    { username: 'cometchat', password: 'new-password' },
    { username: 'cometchat', password: 'old-password' },
  ],
});
const texts = (change: Partial<CustomProvider>, publicUrl?: string, of = app): string[] =>
  problemsOf({ ...ours, ...change }, { app: of, channel: 'push', publicUrl }).map(({ text }) => text);

describe('the URL of a custom provider', () => {
  it.each([
    `${PUBLIC_URL}/webhooks/cometchat/push`,
    `${PUBLIC_URL}:443/webhooks/cometchat/push/`,
    'https://PUSH.example.com/webhooks/cometchat/push',
  ])('is ours: %s', (webhookUrl) => {
    expect(texts({ webhookUrl }, PUBLIC_URL)).toEqual([]);
  });

  it.each([
    'http://push.example.com/webhooks/cometchat/push',
    `${PUBLIC_URL}:8443/webhooks/cometchat/push`,
    `${PUBLIC_URL}/bellhop/webhooks/cometchat/push`,
    `${PUBLIC_URL}/`,
    'not a URL',
  ])('is not ours: %s', (webhookUrl) => {
    expect(texts({ webhookUrl }, PUBLIC_URL)).toHaveLength(1);
  });

  it('may have the path of PUBLIC_URL before its own', () => {
    const webhookUrl = `${PUBLIC_URL}/bellhop/webhooks/cometchat/push`;
    expect(texts({ webhookUrl }, `${PUBLIC_URL}/bellhop`)).toEqual([]);
  });

  it('is compared by its path only, while PUBLIC_URL is not set', () => {
    expect(texts({ webhookUrl: 'https://any.example.com/webhooks/cometchat/push' })).toEqual([]);
    expect(texts({ webhookUrl: 'https://any.example.com/hooks' })).toEqual([
      'CometChat calls https://any.example.com/hooks, which is not the gateway’s webhook.',
    ]);
  });

  it('is shown without credentials and query', () => {
    expect(shownUrl('https://me:secret@example.com/hooks?token=secret#secret')).toBe(
      'https://example.com/hooks?…',
    );
    expect(shownUrl('secret')).toBe('…');
  });
});

describe('the Basic Auth of a custom provider', () => {
  it.each([
    ['old-password', []],
    ['new-password', []],
    [null, []],
    ['other-password', [expect.stringMatching(/^The password in CometChat is not one of/)]],
  ])('may have each configured password, or one that CometChat hides: %s', (password, problems) => {
    expect(texts({ password }, PUBLIC_URL)).toEqual(problems);
  });

  it('may be off if the app is configured without it', () => {
    const signed = appWith({ signature: { secret: 'a-secret-of-the-body' } });
    expect(texts({ usesBasicAuth: false }, PUBLIC_URL, signed)).toEqual([]);
  });

  it('is never shown', () => {
    const problems = problemsOf(
      { ...ours, password: 'other-password', webhookUrl: 'https://x.example.com/?p=other-password' },
      { app, channel: 'push', publicUrl: PUBLIC_URL },
    );
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toMatch(/(other|old|new)-password/);
  });
});
