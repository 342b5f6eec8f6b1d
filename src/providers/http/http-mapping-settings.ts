import { compileAnswerCondition } from '../../platform/expressions/answer-condition.js';
import { parseJsonPath } from '../../platform/expressions/json-path.js';
import { compileTextPattern } from '../../platform/expressions/text-pattern.js';
import { problemOf } from '../../platform/config/expression.decorators.js';
import {
  BooleanSetting,
  ChoiceSetting,
  IntSetting,
  isMapping,
  Setting,
  TextSetting,
  type Problem,
  type SettingOptions,
} from '../../platform/config/settings.decorators.js';

/** Outcomes of an attempt that a row of `outcomes` may name. */
export const HTTP_OUTCOMES = [
  'accepted',
  'refused',
  'over_quota',
  'unavailable',
  'unknown',
  'misconfigured',
] as const;
export type HttpOutcome = (typeof HTTP_OUTCOMES)[number];

/** Reasons for which a vendor does not deliver an SMS. */
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

/** Meanings of a vendor's status in a delivery report; a refusal means `failed` for that reason. */
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
const COMMON_NAMES = 'common names are tried';

/** One row of `outcomes`. */
export class HttpOutcomeSettings {
  @AnswerConditionSetting({
    description: 'Condition in CEL over `status`, `headers`, `json` and `text` of the response.',
  })
  when: string;

  @ChoiceSetting(HTTP_OUTCOMES, { description: 'Outcome of the attempt.', check: problemOfOutcome })
  outcome: HttpOutcome;

  @ChoiceSetting([...HTTP_REFUSALS, 'no_credit'], {
    description: 'Reason of a `refused`; a `misconfigured` may have `no_credit`.',
    unset: '`message_refused`',
  })
  reason?: HttpRefusal | 'no_credit';

  @IntSetting({
    description: 'Wait after an `over_quota` or `unavailable`; a `Retry-After` takes precedence.',
    unset: 'the usual backoff',
    unit: 'seconds',
    min: 1,
    max: 86_400,
  })
  retryAfterSeconds?: number;

  @BooleanSetting({
    description:
      'Whether an `over_quota` or `unavailable` concerns this number only, so that SMS to others go on.',
    unset: 'it concerns the provider account',
  })
  numberOnly?: boolean;
}

/** Fields of a callback: names in a query or form, paths in JSON. */
abstract class HttpCallbackFields {
  @PathSetting({
    description: 'Path of the list of reports in JSON.',
    unset: 'the body, or the lists in it',
  })
  items?: string;

  @NamesSetting({ description: "The vendor's message id.", unset: COMMON_NAMES })
  id?: string | string[];
}

/** Delivery reports. */
export class HttpReportSettings extends HttpCallbackFields {
  @NamesSetting({ description: 'Our `reference`, if the vendor returns it.', unset: COMMON_NAMES })
  reference?: string | string[];

  @NamesSetting({ description: 'Status of the SMS.', unset: COMMON_NAMES })
  status?: string | string[];

  @NamesSetting({ description: "The vendor's error code, which the ledger shows.", unset: COMMON_NAMES })
  code?: string | string[];

  @MeaningsSetting(HTTP_REPORT_STATUSES, {
    description: "Meanings of the vendor's statuses, in any case; `*`: all others. Common words are known.",
  })
  statuses: Record<string, HttpReportStatus> = {};

  @MeaningsSetting(HTTP_REFUSALS, {
    description: "Meanings of the vendor's codes in reports of failed SMS.",
  })
  codes: Record<string, HttpRefusal> = {};

  @TextSetting({
    description: 'Separator of the values of several SMS in one field, such as `,`.',
    unset: 'one SMS per report',
    pattern: [/^[^\w\s]$/, 'one character that is no letter, digit or blank'],
  })
  separator?: string;
}

/** Incoming SMS. */
export class HttpReplySettings extends HttpCallbackFields {
  @NamesSetting({ description: 'Sender.', unset: COMMON_NAMES })
  from?: string | string[];

  @NamesSetting({ description: 'Recipient.', unset: COMMON_NAMES })
  to?: string | string[];

  @NamesSetting({ description: 'Text.', unset: COMMON_NAMES })
  text?: string | string[];
}

export function AnswerConditionSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'CEL condition' }, options, (value) =>
    typeof value === 'string'
      ? problemOf(() => compileAnswerCondition(value))
      : 'must be a condition, as a string',
  );
}

export function PathSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'JSON path' }, options, (value) =>
    typeof value === 'string' && parseJsonPath(value) ? undefined : 'must be a path, such as messages[0].id',
  );
}

/** @param name name of the value: `id` for `{id}`. */
export function TextPatternSetting(name: string, options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'text pattern' }, options, (value) =>
    typeof value === 'string' ? problemOf(() => compileTextPattern(value, name)) : 'must be a string',
  );
}

/** A name, or a list tried in order. */
function NamesSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'name or list' }, options, (value) => {
    const names: unknown[] = [value].flat();
    const areNames = names.every((name) => typeof name === 'string' && /^[^\s]{1,128}$/.test(name));
    return areNames && names.length >= 1 && names.length <= MAX_NAMES
      ? undefined
      : `must be the name of a field, or a list of up to ${MAX_NAMES}`;
  });
}

function MeaningsSetting(meanings: readonly string[], options: SettingOptions): PropertyDecorator {
  const problem: Problem = (value) => {
    if (!isMapping(value)) return 'must be a mapping';
    const entries: [string, unknown][] = Object.entries(value);
    if (entries.length > MAX_ENTRIES) return `must have at most ${MAX_ENTRIES} entries`;
    const [wrong] = entries.find(([, meaning]) => !meanings.includes(String(meaning))) ?? [];
    return wrong === undefined ? undefined : `has in ${wrong} none of ${meanings.join(', ')}`;
  };
  const range = meanings.map((meaning) => `\`${meaning}\``).join(', ');
  return Setting({ type: 'mapping', range }, options, problem);
}

/** The other keys of a row apply to some outcomes only. */
function problemOfOutcome(outcome: unknown, block: object): string | undefined {
  const { reason, retryAfterSeconds, numberOnly } = block as HttpOutcomeSettings;
  const mayWait = outcome === 'over_quota' || outcome === 'unavailable';
  if ((retryAfterSeconds !== undefined || numberOnly !== undefined) && !mayWait)
    return 'must be over_quota or unavailable beside retryAfterSeconds and numberOnly';
  if (reason === undefined) return undefined;
  const expected = reason === 'no_credit' ? 'misconfigured' : 'refused';
  return outcome === expected ? undefined : `must be ${expected} beside the reason ${reason}`;
}
