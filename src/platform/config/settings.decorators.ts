import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import { isURL, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { declareSetting, type SettingsClass } from './setting-declarations.js';

// Each decorator declares one setting completely. The default is the property's initializer: the compiler checks it,
// and the generated pages read it from an instance.

/** The URL schemes and hosts that addresses of services may have. */
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** Returns the problem as the end of a sentence; undefined: the value is valid. */
export type Problem = (value: unknown, block: object) => string | undefined;

export interface SettingOptions {
  /** Markdown. The first sentence must make sense alone. */
  readonly description: string;
  /** Effect of leaving it out. Without this and without an initializer the setting is required. */
  readonly unset?: string;
  /** Required unless this other key of the block is set. */
  readonly requiredUnless?: string;
  /** Required if this other key of the block is set. */
  readonly requiredWith?: string;
  /** Reason for which production requires it, as the end of a sentence. */
  readonly requiredInProduction?: string;
  readonly secret?: boolean;
  /** May be read from a file although it is no secret. */
  readonly file?: boolean;
  readonly conceal?: (value: unknown) => unknown;
  readonly example?: unknown;
  /** A further check, made once the value has its type. */
  readonly check?: Problem;
}

export interface SettingKind {
  readonly type: string;
  readonly range?: string | undefined;
  readonly unit?: string | undefined;
  readonly block?: () => SettingsClass;
  readonly isList?: boolean;
  /** The settings of an item that is a mapping, where items may also be strings. */
  readonly item?: () => SettingsClass;
  readonly providers?: 'push' | 'sms';
  /** Brings the value into its type, such as text from `${NAME}` into a number. */
  readonly transform?: (value: unknown) => unknown;
}

/** Declares a setting of any kind. */
export function Setting(kind: SettingKind, options: SettingOptions, problem: Problem): PropertyDecorator {
  const { transform } = kind;
  const { requiredUnless, requiredWith, check } = options;
  const required =
    requiredUnless === undefined
      ? requiredWith && `with \`${requiredWith}\``
      : `unless \`${requiredUnless}\` is set`;
  const isChecked = (block: object, value: unknown): boolean => {
    if (value !== undefined && value !== null) return true;
    if (options.unset !== undefined || options.requiredInProduction !== undefined) return false;
    if (value === null) return true;
    if (requiredUnless !== undefined) return Reflect.get(block, requiredUnless) === undefined;
    return requiredWith === undefined || Reflect.get(block, requiredWith) !== undefined;
  };
  const problemOf: Problem = (value, block) =>
    value === undefined
      ? ['is required', required?.replaceAll('`', '')].filter(Boolean).join(', ').replace(', with', ' with')
      : (problem(value, block) ?? check?.(value, block));
  const declare: PropertyDecorator = (prototype, key) => {
    // Every declaration has its own condition, which replaces an ancestor's.
    ValidateIf((block: object) => isChecked(block, Reflect.get(block, key)))(prototype, key);
    declareSetting(prototype, {
      key: String(key),
      description: options.description,
      type: kind.type,
      range: kind.range,
      unit: kind.unit,
      unset: options.unset,
      required,
      requiredInProduction: options.requiredInProduction,
      secret: options.secret ?? false,
      file: options.file ?? options.secret ?? false,
      conceal: options.conceal,
      example: options.example,
      block: kind.block,
      isList: kind.isList ?? false,
      item: kind.item,
      providers: kind.providers,
    });
  };
  return applyDecorators(
    ...(transform ? [Transform(({ value }: { value: unknown }) => transform(value))] : []),
    hasNoProblem('setting', problemOf),
    declare,
  );
}

/** Validates by a function that returns the problem. */
export function hasNoProblem(name: string, problem: Problem): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown, args) => problem(value, args?.object ?? {}) === undefined,
      defaultMessage: (args) => problem(args?.value, args?.object ?? {}) ?? '',
    },
  });
}

interface Range {
  readonly min: number;
  readonly max?: number;
  readonly unit?: string;
}

/** A whole number, which may also be written as text, as `${NAME}` always yields. */
export function IntSetting({ min, max, unit, ...options }: Range & SettingOptions): PropertyDecorator {
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return Setting(
    { type: 'whole number', range: rangeOf(min, max), unit, transform: toNumber },
    options,
    (value) =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= (max ?? Infinity)
        ? undefined
        : `must be a whole number ${range}`,
  );
}

/** A number, whole or not, which may also be written as text. */
export function NumberSetting({ min, max, unit, ...options }: Range & SettingOptions): PropertyDecorator {
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
  return Setting({ type: 'number', range: rangeOf(min, max), unit, transform: toNumber }, options, (value) =>
    Number.isFinite(value) && Number(value) >= min && Number(value) <= (max ?? Infinity)
      ? undefined
      : `must be a number ${range}`,
  );
}

/** A switch, which may also be written as text. */
export function BooleanSetting(options: SettingOptions): PropertyDecorator {
  const transform = (value: unknown): unknown =>
    value === 'true' ? true : value === 'false' ? false : value;
  return Setting({ type: 'true or false', transform }, options, (value) =>
    typeof value === 'boolean' ? undefined : 'must be true or false',
  );
}

export interface TextOptions extends SettingOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A pattern, and the end of the sentence "must be …" for values that do not match it. */
  readonly pattern?: readonly [RegExp, string];
}

export function TextSetting(options: TextOptions): PropertyDecorator {
  const { pattern } = options;
  return Setting({ type: 'text', range: pattern?.[1] }, options, (value) => problemOfText(value, options));
}

/** A string that is never logged and may be read from a file. */
export function SecretSetting(options: TextOptions): PropertyDecorator {
  return TextSetting({ ...options, secret: true });
}

/** An HTTP address; no public host name is needed. */
export function UrlSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'URL' }, options, (value) =>
    typeof value === 'string' && isURL(value, HTTP_URL) ? undefined : 'must be a URL address',
  );
}

export function ChoiceSetting(choices: readonly string[], options: SettingOptions): PropertyDecorator {
  const range = choices.map((choice) => `\`${choice}\``).join(', ');
  return Setting({ type: 'choice', range }, options, (value) =>
    choices.includes(String(value)) ? undefined : `must be one of ${choices.join(', ')}`,
  );
}

export interface TextsOptions extends TextOptions {
  readonly minItems?: number;
}

/** A list of strings of the given length and pattern. */
export function TextsSetting(options: TextsOptions): PropertyDecorator {
  const { minItems = 0, pattern } = options;
  return Setting({ type: 'list', range: pattern?.[1], isList: true }, options, (value) => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length < minItems) return `must have at least ${minItems} item${minItems === 1 ? '' : 's'}`;
    const problems = value.flatMap((item: unknown) => problemOfText(item, options) ?? []);
    return problems[0] === undefined || pattern ? problems[0] : `has an item that ${problems[0]}`;
  });
}

/** A mapping with keys of the operator's choice. */
export function MapSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'mapping' }, options, (value) => (isMapping(value) ? undefined : NO_MAPPING));
}

/** A nested mapping of settings. Without keys it is null in YAML. */
export function BlockSetting(type: () => new () => object, options: SettingOptions): PropertyDecorator {
  const transform = (value: unknown): unknown =>
    value === null && options.unset === undefined ? new (type())() : value;
  return applyDecorators(
    Type(type),
    ValidateNested({ message: NO_MAPPING }),
    Setting({ type: 'mapping', block: type, transform }, options, (value) =>
      isMapping(value) ? undefined : NO_MAPPING,
    ),
  );
}

export interface BlocksOptions extends SettingOptions {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A list of nested mappings of settings. */
export function BlocksSetting(
  type: () => new () => object,
  { minItems = 0, maxItems = Infinity, ...options }: BlocksOptions,
): PropertyDecorator {
  return applyDecorators(
    Type(type),
    ValidateNested({ each: true, message: NO_MAPPINGS }),
    Setting({ type: 'list', block: type, isList: true }, options, (value) => {
      if (!Array.isArray(value)) return NO_MAPPINGS;
      if (value.length < minItems) return `must have at least ${minItems} item${minItems === 1 ? '' : 's'}`;
      return value.length > maxItems ? `must have at most ${maxItems} items` : undefined;
    }),
  );
}

const NO_MAPPING = 'must be a mapping';
const NO_MAPPINGS = 'must be a list of mappings';

export function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function problemOfText(value: unknown, { minLength = 0, maxLength = Infinity, pattern }: TextOptions) {
  if (typeof value !== 'string') return pattern ? `must be ${pattern[1]}` : 'must be a string';
  if (value.length < minLength)
    return minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`;
  if (value.length > maxLength) return `must have at most ${maxLength} characters`;
  return pattern && !pattern[0].test(value) ? `must be ${pattern[1]}` : undefined;
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}

function rangeOf(min: number, max?: number): string {
  const inWords = (value: number): string => value.toLocaleString('en');
  return max === undefined ? `${inWords(min)} or more` : `${inWords(min)} to ${inWords(max)}`;
}
