import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isSupportedCountry } from 'libphonenumber-js/min';
import { foldId } from '../../domain/uid.js';
import { hasNoProblem } from './expression.decorators.js';

// Settings that are matched against what comes in: each is brought into the form in which that is compared, and
// refused where nothing that comes in could ever be equal to it.

/** As `domain/uid.ts` takes them. */
const ID = /^[^\s\p{Cc}\p{Cs}]{1,100}$/u;

/** A country that numbers can be of, as ISO 3166-1 alpha-2, in either case. */
export function CountrySetting(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => upperCase(value)),
    hasNoProblem('isCountry', (value) => problemOfCountry(value, 'is')),
  );
}

/** A list of such countries. */
export function CountriesSetting(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => eachOf(value, upperCase)),
    hasNoProblem('areCountries', (value) =>
      problemOfList(value, 'countries', (one) => problemOfCountry(one, 'names')),
    ),
  );
}

/** A list of uids or guids, in either case. */
export function IdsSetting(what: 'uids' | 'guids'): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      eachOf(value, (id) => (typeof id === 'string' ? foldId(id) : id)),
    ),
    hasNoProblem('areIds', (value) =>
      problemOfList(value, what, (id) =>
        typeof id === 'string' && ID.test(id)
          ? undefined
          : `names ${JSON.stringify(id)}, which is none of CometChat's ${what}`,
      ),
    ),
  );
}

/** A list of words, each of which holds a letter or a digit: nothing else of a text is compared. */
export function WordsSetting(): PropertyDecorator {
  return hasNoProblem('areWords', (value) => {
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
