import { stringify } from 'yaml';
import { GatewayConfig } from '../../src/platform/config/gateway-config.js';
import { ownSettingsOf, settingsOf } from '../../src/platform/config/setting-declarations.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';

/** @import { ProviderType } from '../../src/platform/config/provider-settings.js' */
/** @import { SettingDeclaration, SettingsClass } from '../../src/platform/config/setting-declarations.js' */

const WIDTH = 110;

const HEAD = `# Bellhop's configuration with every key, generated from the settings classes by \`npm run docs\`. Copy it to
# bellhop.yaml and edit it; docs/configuration.md describes values, units and defaults.
#
# Only \`apps\` is required. Optional keys without a default are commented out; all others show their default or an
# example. \${NAME} is replaced from the environment, \${NAME:-default} too; $\${NAME} yields the text itself. An unset
# name stops the start, and so does an unknown key. \`<key>File\` reads a secret from a file.
`;

/** `bellhop.example.yaml`. */
export function exampleConfig() {
  return `${HEAD}\n${block(GatewayConfig, 0).join('\n')}\n`;
}

/**
 * The lines of a mapping's keys.
 *
 * @param {SettingsClass} type
 * @param {number} indent
 * @param {object} [defaults]
 * @returns {string[]}
 */
function block(type, indent, defaults = new /** @type {new () => object} */ (type)()) {
  return settingsOf(type).flatMap((one) => lines(one, Reflect.get(defaults, one.key), indent));
}

/**
 * @param {SettingDeclaration} setting
 * @param {unknown} value its default
 * @param {number} indent
 * @param {boolean} [isSpaced] an empty line precedes it
 * @returns {string[]}
 */
function lines(setting, value, indent, isSpaced = false) {
  const { key, unset, example, block: inner, isList, providers } = setting;
  const pad = ' '.repeat(indent);
  if (inner && indent <= 6 && !isSpaced) return ['', ...lines(setting, value, indent, true)];
  if (providers) return [...above(setting, pad), `${pad}${key}:`, ...providerList(providers, indent + 2)];
  if (inner && example !== undefined)
    return [...above(setting, pad), ...inYaml({ [key]: example }).map((line) => `${pad}# ${line}`)];
  if (inner) {
    const held = typeof value === 'object' && value !== null && !isList ? value : undefined;
    const type = held ? /** @type {SettingsClass} */ (held.constructor) : inner();
    const inside = isList ? item(block(type, indent + 4), indent + 2) : block(type, indent + 2, held);
    const all = [`${pad}${key}:`, ...inside];
    const isOptional = unset !== undefined || (isList && value !== undefined);
    return [...above(setting, pad), ...(isOptional ? commentedOut(all, pad) : all)];
  }
  return leaf(setting, value, pad);
}

/**
 * @param {SettingDeclaration} setting
 * @param {unknown} value
 * @param {string} pad
 */
function leaf(setting, value, pad) {
  const { key, unset, required, example, file } = setting;
  const isEmpty = value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  const shown = isEmpty && example !== undefined ? example : value;
  const fromFile = file && typeof shown === 'string' && shown.startsWith('./');
  const isOptional = unset !== undefined || required?.startsWith('with');
  const text = shown === undefined ? '' : inline(shown);
  const line = `${pad}${isOptional ? '# ' : ''}${key}${fromFile ? 'File' : ''}:${text && ` ${text}`}`;
  const remark = plain(setting);
  return line.length + remark.length + 3 <= WIDTH ? [`${line} # ${remark}`] : [...above(setting, pad), line];
}

/**
 * @param {'push' | 'sms'} channel
 * @param {number} indent
 */
function providerList(channel, indent) {
  const pad = ' '.repeat(indent);
  /** @type {Readonly<Record<string, ProviderType>>} */
  const known = PROVIDER_TYPES[channel];
  const types = Object.entries(known);
  const [, common = Object] = types[0] ?? [];
  const own = new Set(types.flatMap(([, type]) => ownSettingsOf(type).map(({ key }) => key)));
  const shared = settingsOf(common).filter(
    ({ key, unset }) => unset !== undefined && (key === 'endpoint' || !own.has(key)),
  );
  const timeout = settingsOf(common).filter(({ key }) => key === 'requestTimeoutMs');
  const defaults = new common();
  const optional = [...timeout, ...shared].flatMap((one) =>
    leaf({ ...one, unset: one.unset ?? '' }, Reflect.get(defaults, one.key), pad),
  );
  return [
    `${pad}# Every block may also have:`,
    ...optional,
    ...types.flatMap(([type, settings]) => {
      const id = channel === 'sms' || type === 'sandbox' ? type : 'default';
      const inherited = settingsOf(settings).filter(({ key }) => key === 'from');
      const keys = [
        ...new Map([...inherited, ...ownSettingsOf(settings)].map((one) => [one.key, one])).values(),
      ];
      const held = new settings();
      const inner = keys.flatMap((one) => lines(one, Reflect.get(held, one.key), indent + 2));
      return [
        ...comment(settings.summary, pad),
        ...item([`${pad}  id: ${id}`, `${pad}  type: ${type}`, ...inner], indent),
      ];
    }),
  ];
}

/** Turns the lines of a mapping into a list item. @param {string[]} all @param {number} indent */
function item(all, indent) {
  const first = all.findIndex((line) => !/^\s*#/.test(line));
  return all.map((line, i) => (i === first ? `${' '.repeat(indent)}- ${line.slice(indent + 2)}` : line));
}

/** @param {string[]} all @param {string} pad */
function commentedOut(all, pad) {
  return all.map((line) => `${pad}# ${line.slice(pad.length)}`);
}

/** @param {SettingDeclaration} setting @param {string} pad */
function above(setting, pad) {
  return comment(plain(setting), pad);
}

/** @param {string} text @param {string} pad */
function comment(text, pad) {
  /** @type {string[]} */
  const all = [];
  for (const word of text.split(' ')) {
    const last = all.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= WIDTH) all[all.length - 1] = `${last} ${word}`;
    else all.push(`${pad}# ${word}`);
  }
  return all;
}

/** Descriptions are Markdown. @param {SettingDeclaration} setting */
function plain({ description, unset }) {
  const text = description
    .replaceAll(/ See \[[^\]]+\]\(#[^)]+\)\./g, '')
    .replaceAll(/\[([^\]]+)\]\((https[^)]+)\)/g, '$1 ($2)')
    .replaceAll(/\[([^\]]+)\]\(([^)#]+)[^)]*\)/g, 'docs/$2');
  return unset ? `${text} Unset: ${unset}.` : text;
}

/** @param {unknown} value */
function inline(value) {
  return stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
    singleQuote: true,
  }).trim();
}

/** @param {object} tree */
function inYaml(tree) {
  return stringify(tree, { lineWidth: 0, singleQuote: true }).trim().split('\n');
}
