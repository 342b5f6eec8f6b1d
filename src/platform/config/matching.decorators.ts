import { isSupportedCountry } from 'libphonenumber-js/min';
import { foldId } from '../../domain/uid.js';
import { Setting, type SettingOptions } from './settings.decorators.js';

// Settings that are matched against incoming values: each is normalised as those are, and refused if no incoming value
// could ever equal it.

/** As `domain/uid.ts` accepts them. */
const ID = /^[^\s\p{Cc}\p{Cs}]{1,100}$/u;

/** A country with telephone numbers, as ISO 3166-1 alpha-2, in either case. */
export function CountrySetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'country', transform: upperCase }, options, (value) =>
    problemOfCountry(value, 'is'),
  );
}

/** A list of such countries. */
export function CountriesSetting(options: SettingOptions): PropertyDecorator {
  return Setting(
    { type: 'list', range: 'countries', isList: true, transform: (value) => eachOf(value, upperCase) },
    options,
    (value) => problemOfList(value, 'countries', (one) => problemOfCountry(one, 'names')),
  );
}

/** A list of uids or guids, in either case. */
export function IdsSetting(what: 'uids' | 'guids', options: SettingOptions): PropertyDecorator {
  const transform = (value: unknown): unknown =>
    eachOf(value, (id) => (typeof id === 'string' ? foldId(id) : id));
  return Setting({ type: 'list', range: what, isList: true, transform }, options, (value) =>
    problemOfList(value, what, (id) =>
      typeof id === 'string' && ID.test(id)
        ? undefined
        : `names ${JSON.stringify(id)}, which is none of CometChat's ${what}`,
    ),
  );
}

/** A list of words, each of which has a letter or a digit: only those are compared. */
export function WordsSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'list', range: 'words', isList: true }, options, (value) => {
    if (!Array.isArray(value)) return 'must be a list of words';
    const wrong: unknown = value.find(
      (word) => typeof word !== 'string' || word.length > 100 || !/[\p{L}\p{N}]/u.test(word),
    );
    return wrong === undefined
      ? undefined
      : `names ${JSON.stringify(wrong)}: a word has letters or digits, and at most 100 characters`;
  });
}

function problemOfCountry(value: unknown, verb: 'is' | 'names'): string | undefined {
  return typeof value === 'string' && isSupportedCountry(value)
    ? undefined
    : `${verb} ${JSON.stringify(value)}, which is no country with telephone numbers (ISO 3166-1 alpha-2, such as US)`;
}

function problemOfList(
  value: unknown,
  what: string,
  problemOf: (one: unknown) => string | undefined,
): string | undefined {
  if (!Array.isArray(value)) return `must be a list of ${what}`;
  if (value.length === 0) return `must name one of the ${what} at least: unset, it is for all`;
  const problems = value.flatMap((one: unknown) => problemOf(one) ?? []);
  return problems.length === 0 ? undefined : problems.join('; ');
}

const upperCase = (value: unknown): unknown => (typeof value === 'string' ? value.toUpperCase() : value);

const eachOf = (value: unknown, change: (one: unknown) => unknown): unknown =>
  Array.isArray(value) ? value.map(change) : value;
