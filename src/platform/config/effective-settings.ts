import { withoutUserinfo } from '../logging/without-userinfo.js';
import type { ConfigOrigins } from './config-origins.js';
import { Environment } from './environment.js';
import type { GatewayConfig } from './gateway-config.js';
import { DEMO_ADMIN } from './process-settings.js';
import { isSecretKey, settingsOf, settingsOfInstance } from './setting-declarations.js';

/** Where a value comes from: `environment` also if the file refers to a variable. */
export const SETTING_SOURCES = ['file', 'environment', 'default', 'demo'] as const;
export type SettingSource = (typeof SETTING_SOURCES)[number];

export interface EffectiveSetting {
  /** A variable, or a path in the configuration file. */
  readonly path: string;
  /** Null: not set. Without secrets. */
  readonly value: unknown;
  readonly source: SettingSource;
}

/** Shown in place of a secret that is set. */
export const SET = '[set]';
/** `$${NAME}` is no reference. */
const REFERENCE = /(?<!\$)\$\{[A-Za-z_]/;

/** Every setting in effect: variables first, then the configuration. */
export function effectiveSettings(
  config: GatewayConfig,
  origins: ConfigOrigins,
  isDemo: boolean,
): EffectiveSetting[] {
  const sourceOf = (written: unknown): SettingSource => {
    if (written === undefined) return 'default';
    if (isDemo) return 'demo';
    return REFERENCE.test(JSON.stringify(written)) ? 'environment' : 'file';
  };
  return [...variables(origins), ...settingsIn(config, origins.tree, '', sourceOf)];
}

const DEMO_VARIABLES: Readonly<Record<string, string>> = {
  ADMIN_USERNAME: DEMO_ADMIN.username,
  ADMIN_PASSWORD: DEMO_ADMIN.password,
};

function variables({ reading: { environment, given } }: ConfigOrigins): EffectiveSetting[] {
  return settingsOf(Environment).map(({ key: path, secret, type }) => {
    const isGiven = given.has(path);
    const demo = isGiven ? undefined : DEMO_VARIABLES[path];
    const value: unknown = demo ?? Reflect.get(environment, path) ?? null;
    const source = isGiven ? 'environment' : demo === undefined ? 'default' : 'demo';
    if (value === null) return { path, value, source };
    if (secret && type !== 'URL') return { path, value: SET, source };
    const isUrl = type === 'URL' && typeof value === 'string';
    return { path, value: isUrl ? placeOf(value) : shown(value), source };
  });
}

/** A URL without user, password and query, any of which may be secret. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return SET;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** The leaves of a block, in the form in which `redactSecrets` logs them. */
function settingsIn(
  block: object,
  written: unknown,
  at: string,
  sourceOf: (written: unknown) => SettingSource,
): EffectiveSetting[] {
  const declared = settingsOfInstance(block);
  return Object.entries(block).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const path = at === '' ? key : `${at}.${key}`;
    const source = sourceOf(partOf(written, key) ?? partOf(written, `${key}File`));
    const conceal = declared.get(key)?.conceal;
    if (conceal) return [{ path, value: marked(conceal(value)), source }];
    if (isSecretKey(key)) return [{ path, value: isEmpty(value) ? null : SET, source }];
    if (Array.isArray(value) && value.some(isBlock)) {
      return value.flatMap((item: unknown, i) =>
        isBlock(item)
          ? settingsIn(item, partOf(partOf(written, key), i), `${path}[${i}]`, sourceOf)
          : [{ path: `${path}[${i}]`, value: shown(item), source }],
      );
    }
    if (isBlock(value)) return settingsIn(value, partOf(written, key), path, sourceOf);
    return [{ path, value: shown(value), source }];
  });
}

const isBlock = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);

function partOf(node: unknown, key: string | number): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return withoutUserinfo(value);
  return Array.isArray(value) ? value.map(shown) : value;
}

/** The form that `conceal` gives, with this page's mark. */
function marked(value: unknown): unknown {
  if (value === 'set') return SET;
  if (Array.isArray(value)) return value.map(marked);
  if (!isBlock(value)) return shown(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, marked(part)]));
}
