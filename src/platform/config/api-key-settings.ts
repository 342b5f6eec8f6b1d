import { plainToInstance, Transform } from 'class-transformer';
import { validateSync } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { SCOPES, type Scope } from '../auth/scope.js';
import { toFaults } from '../errors/faults.js';
import type { Fault } from '../errors/gateway-error.js';
import { toMoment } from '../http/moment.decorator.js';
import { HASHED_KEY } from './credential-forms.js';
import {
  isMapping,
  problemOfText,
  SecretSetting,
  Setting,
  TextSetting,
  TextsSetting,
  type SettingOptions,
} from './settings.decorators.js';

const MIN_LENGTH = 8;
const SCOPE = new RegExp(`^(${SCOPES.join('|')})$`);

/** A key with a name, scopes and an expiry. */
export class ApiKeySettings {
  @TextSetting({
    description: 'Name of the key in the audit log and the ledger; never the key itself.',
    pattern: [
      /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/,
      '1 to 64 letters, digits, blanks, ., - or _',
    ],
    example: 'crm',
  })
  name: string;

  @SecretSetting({ description: 'The key.', requiredUnless: 'keyHash', minLength: MIN_LENGTH })
  key?: string;

  @SecretSetting({
    description: 'The key as `sha256:<hex of the hash>`, in place of `key`.',
    unset: '`key` is given',
    pattern: [HASHED_KEY, 'sha256: and 64 hexadecimal digits'],
  })
  keyHash?: string;

  @TextsSetting({
    description:
      'Permissions of the key: `send` sends and resends; `devices` manages devices, contacts and read receipts; `read` reads; `admin` does everything else. Unset: all.',
    pattern: [SCOPE, `one of ${SCOPES.join(', ')}`],
    minItems: 1,
  })
  scopes: Scope[] = [...SCOPES];

  @TextSetting({
    description: 'Time from which the key is refused, such as `2027-01-31T00:00:00Z`.',
    unset: 'never',
    check: (value) =>
      toMoment(String(value)) === undefined ? 'must be a date such as 2027-01-31T00:00:00Z' : undefined,
  })
  expiresAt?: string;
}

/** A list of keys, each a string (every scope, no expiry) or a mapping of `ApiKeySettings`. */
export function ApiKeysSetting(options: SettingOptions): PropertyDecorator {
  const read = (item: unknown): unknown =>
    isMapping(item) ? plainToInstance(ApiKeySettings, item, { exposeDefaultValues: true }) : item;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(read) : value)),
    Setting(
      { type: 'list', isList: true, item: () => ApiKeySettings },
      { ...options, secret: true },
      (value) => {
        if (!Array.isArray(value)) return 'must be a list';
        const problems = value.flatMap((item: unknown) =>
          isMapping(item) ? [] : (problemOfText(item, { description: '', minLength: MIN_LENGTH }) ?? []),
        );
        return problems[0] === undefined ? undefined : `has an item that ${problems[0]}`;
      },
    ),
  );
}

/** The faults inside the mappings of a list of keys. Accepts an invalid list. */
export function apiKeyFaults(keys: unknown, where: string): Fault[] {
  if (!Array.isArray(keys)) return [];
  const blocks = keys.map((key: unknown) => (key instanceof ApiKeySettings ? key : undefined));
  return blocks.flatMap((block, index) => {
    if (!block) return [];
    const at = `${where}[${index}]`;
    const errors = validateSync(block, { whitelist: true, forbidNonWhitelisted: true });
    const faults = toFaults(errors, at);
    if (block.key !== undefined && block.keyHash !== undefined)
      faults.push({ path: `${at}.keyHash`, problem: 'is set beside key: choose one' });
    if (blocks.findIndex((other) => other && other.name === block.name) < index)
      faults.push({ path: `${at}.name`, problem: 'is used twice' });
    return faults;
  });
}
