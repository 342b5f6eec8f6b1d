import { describe, expect, it } from '@jest/globals';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { Environment } from './environment.js';
import { GatewayConfig } from './gateway-config.js';
import { isFileKey, isSecretKey, settingsOf, type SettingsClass } from './setting-declarations.js';

/** Every class that the configuration reaches, vendors included. */
function reached(type: SettingsClass, found = new Set<SettingsClass>()): Set<SettingsClass> {
  if (found.has(type)) return found;
  found.add(type);
  for (const { block, providers } of settingsOf(type)) {
    if (block) reached(block(), found);
    if (providers)
      Object.values<SettingsClass>(PROVIDER_TYPES[providers]).forEach((one) => reached(one, found));
  }
  return found;
}

describe('every declared setting', () => {
  const classes = [Environment, ...reached(GatewayConfig)];
  const settings = classes.flatMap((type) =>
    settingsOf(type).map((declaration) => ({ ...declaration, name: `${type.name}.${declaration.key}` })),
  );

  it('is described in sentences', () => {
    expect(settings.length).toBeGreaterThan(200);
    expect(settings.filter(({ description }) => !/^\W*\w.*\.$/s.test(description))).toEqual([]);
  });

  it('is secret if its name sounds like it, unless it is public by nature', () => {
    const sounding = settings.filter(({ key }) => /password|secret|token|key|serviceAccount/i.test(key));
    const open = sounding.filter(({ secret }) => !secret).map(({ name }) => name);
    expect(open.toSorted()).toEqual([
      'ApnsSettings.keyId',
      'AwsSettings.accessKeyId',
      'ClientSettings.cometchatAuthToken', // a switch
      'FcmSettings.tokenEndpoint',
      'HmsSettings.tokenEndpoint',
      'TelnyxSettings.publicKey',
      'TwilioSettings.apiKeySid',
      'WebPushSettings.publicKey',
    ]);
    expect(sounding.filter(({ key, secret }) => secret && !(isSecretKey(key) && isFileKey(key)))).toEqual([]);
  });

  it('belongs to one key name that is secret everywhere or nowhere', () => {
    const secret = new Set(settings.filter((one) => one.secret).map(({ key }) => key));
    expect(settings.filter((one) => secret.has(one.key) && !one.secret)).toEqual([]);
  });
});
