import { ValidateBy } from 'class-validator';

const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/;

/** An ISO 8601 date or date and time, from 1970 on, as the ledger's ids require. */
export function IsMoment(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && toMoment(value) !== undefined,
      defaultMessage: () => 'must be a date such as 2026-03-01T12:00:00Z, from 1970 on',
    },
  });
}

/** @returns undefined for an invalid date. */
export function toMoment(value: string): Date | undefined {
  const [, year, month, day] = MOMENT.exec(value) ?? [];
  if (year === undefined) return undefined;
  // JavaScript parses 31 February as 3 March.
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (!(date.getUTCDate() === Number(day))) return undefined;
  const moment = new Date(value.replace(',', '.'));
  return moment.getTime() >= 0 ? moment : undefined;
}
