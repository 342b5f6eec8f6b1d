import { plainToInstance, Transform, type ClassTransformOptions } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import {
  IntSetting,
  isMapping,
  Setting,
  TextSetting,
  UrlSetting,
  type SettingOptions,
} from './settings.decorators.js';

/** Keys of every provider block. */
export abstract class ProviderSettings {
  @TextSetting({
    description: 'Name by which devices, routes and the ledger refer to this provider.',
    pattern: [/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, - or _'],
    example: 'default',
  })
  id: string;

  @TextSetting({ description: 'The vendor.' })
  type: string;

  @UrlSetting({
    description: "Scheme, host and port that are called instead of the vendor's own.",
    unset: "the vendor's own",
  })
  endpoint?: string;

  @TextSetting({
    description: 'Certificate authority to trust at `endpoint`, as PEM.',
    unset: 'the well-known authorities only',
    file: true,
  })
  ca?: string;

  @IntSetting({
    description: "Maximum time for the vendor's answer to one request.",
    unit: 'ms',
    min: 100,
    max: 60_000,
  })
  requestTimeoutMs: number = 10_000;
}

/** Keys of every push provider block; vendors add their own. */
export abstract class PushProviderSettings extends ProviderSettings {
  /** Longer than for SMS: a slow vendor has accepted the push nevertheless, and would get it again. */
  override requestTimeoutMs = 15_000;

  /** Declared by vendors whose devices belong to an environment. */
  environment?: 'production' | 'sandbox';

  /** Declared by vendors whose devices name an endpoint: origins allowed beside the well-known ones. */
  allowedEndpoints?: string[];
}

/** The settings of one vendor. */
export interface ProviderType {
  new (): ProviderSettings;
  /** Markdown: what the vendor is. */
  readonly summary: string;
}

/** The settings class of each vendor, by channel and `type`. */
export interface ProviderTypes {
  readonly push: Readonly<Record<string, ProviderType>>;
  readonly sms: Readonly<Record<string, ProviderType>>;
}

/** Options under which `ProvidersSetting` finds the vendors: the configuration does not know them itself. */
export interface ConfigTransformOptions extends ClassTransformOptions {
  readonly providerTypes: ProviderTypes;
}

/** Block of an unknown `type`, which is its only fault, whatever its other keys. */
class UnknownProvider {
  @Setting(
    { type: 'choice' },
    { description: 'The vendor.' },
    (_value, block) => `must be one of ${(block as UnknownProvider).known().join(', ')}`,
  )
  type: unknown;

  readonly known: () => readonly string[];
}

/** A list of provider blocks, each read as the class that its `type` names. */
export function ProvidersSetting(channel: 'push' | 'sms', options: SettingOptions): PropertyDecorator {
  const read = (block: unknown, types: ProviderTypes[typeof channel]): unknown => {
    if (!isMapping(block)) return block;
    const type = 'type' in block ? block.type : undefined;
    const known = typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined;
    if (known) return plainToInstance(known, block);
    const unknown = Object.assign(new UnknownProvider(), { type: type ?? null });
    Object.defineProperty(unknown, 'known', { value: () => Object.keys(types), enumerable: false });
    return unknown;
  };
  return applyDecorators(
    Transform(({ value, options: given }: { value: unknown; options: ClassTransformOptions }) => {
      const { providerTypes } = given as ConfigTransformOptions;
      return Array.isArray(value)
        ? value.map((block: unknown) => read(block, providerTypes[channel]))
        : value;
    }),
    ValidateNested({ each: true, message: 'must be a list of mappings' }),
    Setting({ type: 'list', isList: true, providers: channel }, options, (value) =>
      Array.isArray(value) ? undefined : 'must be a list of mappings',
    ),
  );
}
