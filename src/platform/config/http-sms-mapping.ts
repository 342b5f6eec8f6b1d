import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { compileAnswerCondition } from '../expressions/answer-condition.js';
import { parseJsonPath } from '../expressions/json-path.js';
import { compileTextPattern } from '../expressions/text-pattern.js';
import { hasNoProblem, problemOf } from './expression.decorators.js';
import { BooleanSetting, NumberSetting } from './settings.decorators.js';

/** How an attempt may have ended, as a row of `outcomes` says it. */
export const HTTP_OUTCOMES = [
  'accepted',
  'refused',
  'over_quota',
  'unavailable',
  'unknown',
  'misconfigured',
] as const;
export type HttpOutcome = (typeof HTTP_OUTCOMES)[number];

/** Why a vendor does not deliver a message. */
export const HTTP_REFUSALS = [
  'message_refused',
  'message_too_large',
  'invalid_phone_number',
  'number_unreachable',
  'number_takes_no_texts',
  'country_not_allowed',
  'opted_out',
] as const;
export type HttpRefusal = (typeof HTTP_REFUSALS)[number];

/** What a vendor's status in a report means; a refusal means `failed` for that reason. */
export const HTTP_REPORT_STATUSES = [
  'accepted',
  'delivered',
  'failed',
  'undelivered',
  'ignored',
  ...HTTP_REFUSALS,
] as const;
export type HttpReportStatus = (typeof HTTP_REPORT_STATUSES)[number];

const MAX_ENTRIES = 200;
const MAX_NAMES = 20;

/** One row of `outcomes`. */
export class HttpOutcomeSettings {
  /** A condition in CEL over `status`, `headers`, `json` and `text` of the answer. */
  @IsAnswerCondition()
  when: string;

  @IsIn(HTTP_OUTCOMES)
  @HasKeysOfItsOutcome()
  outcome: HttpOutcome;

  /** Of `refused`, why (`message_refused`); `misconfigured` may have `no_credit`. */
  @IsOptional()
  @IsIn([...HTTP_REFUSALS, 'no_credit'])
  reason?: HttpRefusal | 'no_credit';

  /** Of `over_quota` and `unavailable`, in seconds; `Retry-After` goes before it. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(86_400)
  retryAfterSeconds?: number;

  /** Of `over_quota` and `unavailable`: it concerns this number alone, and others are sent to as before. */
  @IsOptional()
  @BooleanSetting()
  @IsBoolean()
  numberOnly?: boolean;
}

/** Where fields of a callback stand: names in a query or form, paths in JSON. */
abstract class HttpCallbackFields {
  /** The path of the list of reports in JSON; unset: the body, or the lists in it. */
  @IsOptional()
  @IsPath()
  items?: string;

  /** The vendor's id of the message. */
  @IsOptional()
  @HoldsNames()
  id?: string | string[];
}

/** How delivery reports are read. What is unset is looked for under common names. */
export class HttpReportSettings extends HttpCallbackFields {
  /** Our `reference`, where the vendor hands it back. */
  @IsOptional()
  @HoldsNames()
  reference?: string | string[];

  @IsOptional()
  @HoldsNames()
  status?: string | string[];

  /** The vendor's code for the error, which the ledger shows. */
  @IsOptional()
  @HoldsNames()
  code?: string | string[];

  /** What the vendor's statuses mean, in any case; `*`: all others. Unset: common words are known. */
  @HoldsMeanings(HTTP_REPORT_STATUSES)
  statuses: Record<string, HttpReportStatus> = {};

  /** What the vendor's codes mean, where a report says that the message failed. */
  @HoldsMeanings(HTTP_REFUSALS)
  codes: Record<string, HttpRefusal> = {};

  /** What separates the values of several messages in one field, where the vendor reports so: `,`. */
  @IsOptional()
  @Matches(/^[^\w\s]$/, { message: 'must be one character that is no letter, digit or blank' })
  separator?: string;
}

/** How texts that people send are read. What is unset is looked for under common names. */
export class HttpReplySettings extends HttpCallbackFields {
  @IsOptional()
  @HoldsNames()
  from?: string | string[];

  @IsOptional()
  @HoldsNames()
  to?: string | string[];

  @IsOptional()
  @HoldsNames()
  text?: string | string[];
}

export function IsAnswerCondition(): PropertyDecorator {
  return hasNoProblem('isAnswerCondition', (value) =>
    typeof value === 'string'
      ? problemOf(() => compileAnswerCondition(value))
      : 'must be a condition, as a text',
  );
}

export function IsPath(): PropertyDecorator {
  return hasNoProblem('isPath', (value) =>
    typeof value === 'string' && parseJsonPath(value) ? undefined : 'must be a path, such as messages[0].id',
  );
}

/** @param name of the value in it: `id` for `{id}`. */
export function IsTextPattern(name: string): PropertyDecorator {
  return hasNoProblem('isTextPattern', (value) =>
    typeof value === 'string' ? problemOf(() => compileTextPattern(value, name)) : 'must be a text',
  );
}

/** One name, or a list of those that are looked for in turn. */
function HoldsNames(): PropertyDecorator {
  return hasNoProblem('holdsNames', (value) => {
    const names: unknown[] = [value].flat();
    const areNames = names.every((name) => typeof name === 'string' && /^[^\s]{1,128}$/.test(name));
    return areNames && names.length >= 1 && names.length <= MAX_NAMES
      ? undefined
      : `must be the name of a field, or a list of up to ${MAX_NAMES}`;
  });
}

function HoldsMeanings(meanings: readonly string[]): PropertyDecorator {
  return hasNoProblem('holdsMeanings', (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a mapping';
    const entries: [string, unknown][] = Object.entries(value);
    if (entries.length > MAX_ENTRIES) return `must have at most ${MAX_ENTRIES} entries`;
    const [wrong] = entries.find(([, meaning]) => !meanings.includes(String(meaning))) ?? [];
    return wrong === undefined ? undefined : `has in ${wrong} none of ${meanings.join(', ')}`;
  });
}

/** The other keys of a row belong to some outcomes only. */
function HasKeysOfItsOutcome(): PropertyDecorator {
  return hasNoProblem('hasKeysOfItsOutcome', (outcome, block) => {
    const { reason, retryAfterSeconds, numberOnly } = block as HttpOutcomeSettings;
    const mayWait = outcome === 'over_quota' || outcome === 'unavailable';
    if ((retryAfterSeconds !== undefined || numberOnly !== undefined) && !mayWait)
      return 'must be over_quota or unavailable beside retryAfterSeconds and numberOnly';
    if (reason === undefined) return undefined;
    const expected = reason === 'no_credit' ? 'misconfigured' : 'refused';
    return outcome === expected ? undefined : `must be ${expected} beside the reason ${reason}`;
  });
}
