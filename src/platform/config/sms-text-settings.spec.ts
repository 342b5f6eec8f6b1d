import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from './load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';

const faultsOf = (change: object, gateway: object = {}): { path: string; problem: string }[] => {
  const app = { appId: 'a', region: 'us', webhook: { basicAuth: [{ username: 'u', password: 'p' }] } };
  return parseGatewayConfig({ apps: [{ ...app, ...change }], ...gateway }, '.', {}, PROVIDER_TYPES).faults;
};
const withTemplates = (templates: unknown) => faultsOf({ sms: { text: { templates } } });

describe('sms.text.templates', () => {
  it('are taken by language', () => {
    expect(withTemplates({ en: '{{ count }} from {{ sender }}', 'pt-BR': 'Oi', 'zh-Hant-TW': '' })).toEqual(
      [],
    );
  });

  it.each([
    [
      'a template that cannot be read',
      { en: 'ok', de: '{{ count' },
      /^has in de a template that cannot be read/,
    ],
    ['a tag that reads files', { de: '{% include "x" %}' }, /^has in de a template that cannot be read/],
    ['another unknown tag', { de: '{% nonsense %}' }, /^has in de/],
    ['an endless template', { de: 'x'.repeat(2_001) }, /^has in de a template that is longer/],
    ['a key that is no language', { German: 'Hallo' }, /^has the key German/],
    ['a mapping instead of a template', { de: { one: 'Hallo' } }, /^has in de a value that is not a string/],
    ['a list', ['Hallo'], /^must be a mapping$/],
    ['a string', 'Hallo', /^must be a mapping$/],
  ])('stop the start with their path: %s', (_, templates, problem) => {
    const path = 'apps[0].sms.text.templates';
    expect(withTemplates(templates)).toEqual([{ path, problem: expect.stringMatching(problem) }]);
  });
});

describe('SMS settings that depend on others', () => {
  it('require the REST API key if CometChat is asked for numbers', () => {
    const sms = { askCometChatForNumbers: true };
    const fault = {
      path: 'apps[0].cometchat.restApiKey',
      problem: 'is required for sms.askCometChatForNumbers',
    };
    expect(faultsOf({ sms })).toEqual([fault]);
    expect(faultsOf({ sms, cometchat: { restApiKey: '' } })).toEqual([fault]);
    expect(faultsOf({ sms, cometchat: { restApiKey: 'key' } })).toEqual([]);
  });

  it('is time to wait for a device’s word', () => {
    const sms = { policy: 'ifNotSeen', seenWithinSeconds: 600 };
    const path = 'apps[0].sms.seenWithinSeconds';
    const brief = { delivery: { lifetimeMinutes: 10 } };
    expect(faultsOf({ sms }, brief)).toEqual([{ path, problem: expect.stringMatching(/^must be shorter/) }]);
    expect(faultsOf({ sms })).toEqual([]);
    expect(faultsOf({ sms: { ...sms, policy: 'ifNoPush' } }, brief)).toEqual([]);
  });
});
