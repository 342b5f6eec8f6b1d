import { Environment } from '../../src/platform/config/environment.js';
import { GatewayConfig } from '../../src/platform/config/gateway-config.js';
import { PushProviderSettings } from '../../src/platform/config/provider-settings.js';
import { ownSettingsOf, settingsOf } from '../../src/platform/config/setting-declarations.js';
import { SmsProviderSettings } from '../../src/platform/config/sms-provider-settings.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';
import { code, generatedFrom, table } from './markdown.mjs';

/** @import { SettingDeclaration, SettingsClass } from '../../src/platform/config/setting-declarations.js' */

const KEYS = ['key', 'value', 'default', 'meaning'];

/** `docs/configuration.md`. */
export function configurationPage() {
  return [
    generatedFrom('the settings classes'),
    '# Configuration',
    `Every setting of the gateway: [environment variables](#environment-variables), then the keys of the [configuration file](#configuration-file) and of [push](#push-providers) and [SMS](#sms-providers) provider blocks. At start all errors are reported at once, and the configuration is logged as \`config.effective\` with every secret as \`set\`.`,
    '## Environment variables',
    'An empty variable counts as unset. A variable marked _file_ can also be read from a file: set `<NAME>_FILE` to its path, such as `ADMIN_PASSWORD_FILE=/run/secrets/admin`.',
    table(
      ['variable', ...KEYS.slice(1)],
      settingsOf(Environment).map((one) => row(one, new Environment())),
    ),
    '## Configuration file',
    'YAML, at the path in `BELLHOP_CONFIG`; [bellhop.example.yaml](../bellhop.example.yaml) has every key. `${NAME}` is replaced from the environment; an unset name stops the start unless it has a default: `${NAME:-default}`. `$${NAME}` yields `${NAME}`. Unknown keys stop the start. A key marked _file_ can also be read from a file: `<key>File` names it, relative to the configuration file.',
    ...sections(GatewayConfig, ''),
    '## Push providers',
    'Blocks in `apps[].push.providers[]`. Providers of several types may share an `id`, and so may two of type `apns`, one for each environment. Every block has these keys:',
    keysOfAll(PushProviderSettings, PROVIDER_TYPES.push.fcm),
    ...vendors(PROVIDER_TYPES.push),
    '## SMS providers',
    'Blocks in `apps[].sms.providers[]`. [SMS vendors](sms-vendors.md) describes the setup of each vendor. Every block has these keys:',
    keysOfAll(SmsProviderSettings, PROVIDER_TYPES.sms.sandbox),
    ...vendors(PROVIDER_TYPES.sms),
  ].join('\n\n');
}

/**
 * One section per mapping that holds mappings; smaller ones become rows of it.
 *
 * @param {SettingsClass} type
 * @param {string} at
 * @returns {string[]}
 */
function sections(type, at) {
  const depth = at === '' ? 0 : at.split('.').length;
  return settingsOf(type).flatMap(({ key, block, isList, description }) => {
    if (!block) return [];
    const path = `${at}${key}${isList ? '[]' : ''}`;
    const rows = path === 'apps[]' ? rowsIn(block(), '', false) : rowsIn(block(), '', true);
    const nested = path === 'apps[]' && depth === 0 ? sections(block(), 'apps[].') : [];
    return [`### \`${path}\``, description, table(KEYS, rows), ...nested];
  });
}

/**
 * @param {SettingsClass} type
 * @param {string} at
 * @param {boolean} isDeep whether the keys of mappings inside are included
 * @returns {string[][]}
 */
function rowsIn(type, at, isDeep) {
  const defaults = instanceOf(type);
  return settingsOf(type).flatMap((one) => {
    const { key, block, isList } = one;
    const path = `${at}${key}${isList ? '[]' : ''}`;
    if (!block)
      return [row(one, defaults, at), ...(one.item && isDeep ? rowsIn(one.item(), `${path}.`, true) : [])];
    if (!isDeep) return [];
    /** @type {unknown} */
    const held = Reflect.get(defaults, key);
    const nested =
      typeof held === 'object' && held !== null && !isList
        ? /** @type {SettingsClass} */ (held.constructor)
        : block();
    return [row(one, defaults, at), ...rowsIn(nested, `${path}.`, true)];
  });
}

/**
 * @param {SettingDeclaration} setting
 * @param {object} defaults
 */
function row(setting, defaults, at = '') {
  const { key, description, type, range, unit, secret, file, isList } = setting;
  const value = [
    type === 'choice'
      ? range
      : range && type !== 'whole number' && type !== 'number'
        ? `${type}: ${range}`
        : type,
    type === 'whole number' || type === 'number' ? range : undefined,
    unit,
    secret ? 'secret' : undefined,
    file ? '_file_' : undefined,
  ];
  return [
    code(`${at}${key}${isList ? '[]' : ''}`),
    value.filter(Boolean).join(', '),
    defaultOf(setting, Reflect.get(defaults, key)),
    description,
  ];
}

/**
 * @param {SettingDeclaration} setting
 * @param {unknown} value
 */
function defaultOf({ unset, required, requiredInProduction, block, isList }, value) {
  const inProduction = requiredInProduction === undefined ? '' : '; required in production';
  if (unset !== undefined) return `unset: ${unset}${inProduction}`;
  if (value === undefined) return ['required', required].filter(Boolean).join(' ');
  if (block && !isList) return '';
  if (value === '') return 'empty';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? 'none' : '';
  return typeof value === 'number' ? value.toLocaleString('en') : code(value);
}

/**
 * @param {SettingsClass} type
 * @param {new () => object} concrete has the defaults
 */
function keysOfAll(type, concrete) {
  return table(
    KEYS,
    settingsOf(type).map((one) => row(one, new concrete())),
  );
}

/** @param {Readonly<Record<string, (new () => object) & { summary: string }>>} types */
function vendors(types) {
  return Object.entries(types).flatMap(([type, settings]) => {
    const own = new Set(ownSettingsOf(settings).map(({ key }) => key));
    const rows = rowsIn(settings, '', true).filter(([key = '']) => own.has(key.replace(/^`(\w+).*$/, '$1')));
    return [`### \`${type}\``, settings.summary, ...(rows.length > 0 ? [table(KEYS, rows)] : [])];
  });
}

/** @param {SettingsClass} type @returns {object} */
function instanceOf(type) {
  return new /** @type {new () => object} */ (type)();
}
