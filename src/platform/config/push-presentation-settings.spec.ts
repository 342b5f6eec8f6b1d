import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { DEMO_CONFIG } from './demo-config.js';
import { parseGatewayConfig } from './load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { PushPresentationSettings } from './push-presentation-settings.js';

const parse = (push: Record<string, unknown>) => {
  const [app] = DEMO_CONFIG.apps;
  const { config, faults } = parseGatewayConfig(
    { apps: [{ ...app, push: { ...app?.push, ...push } }] },
    '.',
    {},
    PROVIDER_TYPES,
  );
  return { push: config.apps[0]?.push, faults };
};

describe('push presentation settings', () => {
  it('have a default each', () => {
    const { push, faults } = parse({});
    expect(faults).toEqual([]);
    expect(push).toMatchObject(structuredClone(new PushPresentationSettings()));
    expect(push?.calls).toMatchObject({ endActionsAsVoip: false, missedCall: true });
  });

  it('can be set one by one, and keep their defaults beside', () => {
    const { push, faults } = parse({
      notificationInPayload: { ios: { chat: false }, android: { call: 'true' } },
      ttlSeconds: { chat: '3600' },
      calls: { missedCallText: { title: 'Missed {{senderName}}' } },
      customJson: { brand: 'x', nested: { list: [1] } },
    });
    expect(faults).toEqual([]);
    expect(push?.notificationInPayload).toMatchObject({
      ios: { chat: false, call: true },
      android: { chat: false, call: true },
      web: { chat: false, call: false },
    });
    expect(push?.ttlSeconds).toMatchObject({ chat: 3_600, call: 60 });
    expect(push?.calls.missedCallText).toMatchObject({
      title: 'Missed {{senderName}}',
      audio: 'Missed audio call',
    });
    expect(push?.customJson).toEqual({ brand: 'x', nested: { list: [1] } });
  });

  it.each([
    [{ sounds: {} }, 'sounds', 'is not a known key'],
    [{ sound: { sms: 'x' } }, 'sound.sms', 'is not a known key'],
    [{ ttlSeconds: { call: -1 } }, 'ttlSeconds.call', 'must be a whole number from 0 to 3600'],
    [{ ttlSeconds: { chat: 2_419_201 } }, 'ttlSeconds.chat', 'must be a whole number from 0 to 2419200'],
    [{ iosCategory: 'two words' }, 'iosCategory', 'must be 1 to 64 characters without spaces'],
    [
      { storm: { text: '{{ count' } },
      'storm.text',
      'cannot be read: output "{{ count" not closed, line:1, col:1',
    ],
    [
      { calls: { missedCallText: { video: '{{ senderName | shout }}' } } },
      'calls.missedCallText.video',
      'cannot be read: undefined filter: shout, line:1, col:1',
    ],
    [{ customJson: [1] }, 'customJson', 'must be a mapping'],
    [{ customJson: { title: 'x', aps: {} } }, 'customJson', 'uses names that are taken: title, aps'],
    [{ customJson: { from: 'x' } }, 'customJson', 'uses names that are taken: from'],
    [{ customJson: { a: 'x'.repeat(1_100) } }, 'customJson', 'must not be longer than 1,024 bytes as JSON'],
  ])('refuse %j', (push, path, problem) => {
    expect(parse(push).faults).toEqual([{ path: `apps[0].push.${path}`, problem }]);
  });
});
