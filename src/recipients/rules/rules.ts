import type { DeliveryOptions } from '../../domain/delivery.js';
import {
  callActionOf,
  type NotificationDetails,
  type PushContent,
  type SmsContent,
} from '../../domain/event.js';
import type { Channel, NotificationKind } from '../../domain/notification.js';
import type { RuleActions, RuleSettings } from '../../platform/config/rule-settings.js';
import { compileCondition, ConditionFailed, type Condition } from '../../platform/expressions/condition.js';
import { lowerCaseIds } from '../../platform/expressions/lower-case-ids.js';
import {
  compileTemplate,
  storable,
  TemplateFailed,
  type TextTemplate,
} from '../../platform/expressions/template.js';

/** What rules look at. */
export interface RuleInput {
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  readonly receivedAt: Date;
  readonly content: PushContent | SmsContent;
}

/** What the rules make of a notification. */
export interface RuleResult {
  /** The names of the rules that matched. */
  readonly rules: readonly string[];
  readonly isDropped: boolean;
  readonly delaySeconds: number;
  readonly options: DeliveryOptions;
  /** What to send as a text beside the push; empty where there is nothing to say. */
  readonly smsCopy?: string;
}

export const UNCHANGED: RuleResult = { rules: [], isDropped: false, delaySeconds: 0, options: {} };

export type Shape = (event: RuleInput) => RuleResult;

/** Told when a rule, or one of its templates, failed on an event. `code` holds nothing of the event. */
export type OnRuleFailed = (rule: string, part: string, code: string) => void;

type AddedField = readonly [
  key: string,
  value: { readonly template: TextTemplate } | { readonly constant: unknown },
];

interface Rule {
  readonly name: string;
  readonly when: Condition;
  readonly then: RuleActions;
  readonly title: TextTemplate | undefined;
  readonly body: TextTemplate | undefined;
  readonly smsText: TextTemplate | undefined;
  readonly data: readonly AddedField[];
}

/** A notification on its way through the rules. */
interface Draft {
  readonly rules: string[];
  delaySeconds: number;
  details: Readonly<Record<string, unknown>>;
  options: DeliveryOptions;
  smsText: string | undefined;
  isCopied: boolean;
}

/**
 * Compiles an app's rules. They are looked at in their order, and each sees what those before it have changed.
 *
 * A rule that fails on an event does not match it; a template that fails, or comes out empty, changes nothing: no
 * notification is lost for it.
 *
 * @throws WrongExpression for what the check of the configuration would have refused.
 */
export function compileRules(settings: readonly RuleSettings[], onFailed: OnRuleFailed): Shape {
  const rules = settings.map(compile);
  if (rules.length === 0) return () => UNCHANGED;
  return (event) => {
    const { channel, content } = event;
    const draft: Draft = {
      rules: [],
      delaySeconds: 0,
      details: 'notificationDetails' in content ? readable(content.notificationDetails) : {},
      options: {},
      smsText: undefined,
      isCopied: false,
    };
    for (const rule of rules) {
      if (!holds(rule, event, draft, onFailed)) continue;
      draft.rules.push(rule.name);
      if (rule.then.drop) return { ...toShaped(draft, channel), isDropped: true };
      apply(rule, event, draft, onFailed);
      if (rule.then.stop) break;
    }
    return toShaped(draft, channel);
  };
}

function compile({ name, when, then }: RuleSettings): Rule {
  const template = (text: string | undefined): TextTemplate | undefined =>
    text === undefined ? undefined : compileTemplate(text);
  return {
    name,
    then,
    when: compileCondition(when),
    title: template(then.title),
    body: template(then.body),
    smsText: template(then.smsText),
    data: Object.entries(then.data ?? {}).map(([key, value]): AddedField => [
      key,
      typeof value === 'string' ? { template: compileTemplate(value) } : { constant: value },
    ]),
  };
}

/** CometChat sends nulls for what does not apply: for rules such a field is not there. They know `cancelled` alone. */
function readable(details: NotificationDetails): Record<string, unknown> {
  const callAction = callActionOf(details);
  const entries = Object.entries(details).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(entries), ...(callAction === undefined ? {} : { callAction }) };
}

function holds(rule: Rule, event: RuleInput, { details }: Draft, onFailed: OnRuleFailed): boolean {
  try {
    return rule.when({ ...lowerCaseIds(scopeOf(event, details)), now: event.receivedAt });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    onFailed(rule.name, 'when', error.code);
    return false;
  }
}

const scopeOf = ({ channel, kind, uid, content }: RuleInput, details: Draft['details']) => ({
  channel,
  kind,
  uid,
  details,
  data: content as unknown as Readonly<Record<string, unknown>>,
});

function apply(rule: Rule, event: RuleInput, draft: Draft, onFailed: OnRuleFailed): void {
  const { delaySeconds, sound, priority, ttlSeconds, copyToSms } = rule.then;
  const fill = (part: string, template: TextTemplate | undefined): string | undefined => {
    try {
      return template?.(scopeOf(event, draft.details)) || undefined;
    } catch (error) {
      if (!(error instanceof TemplateFailed)) throw error;
      onFailed(rule.name, part, error.message);
      return undefined;
    }
  };
  const title = fill('title', rule.title);
  const body = fill('body', rule.body);
  const data = Object.fromEntries(
    rule.data
      .map(([key, value]) => {
        const filled = 'template' in value ? fill(`data.${key}`, value.template) : value.constant;
        return [key, filled] as const;
      })
      .filter(([, value]) => value !== undefined),
  );
  // Before the details change: all templates of one rule see the same.
  draft.smsText = fill('smsText', rule.smsText) ?? draft.smsText;
  const texts = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  draft.options = {
    ...draft.options,
    ...texts,
    ...(sound === undefined ? {} : { sound }),
    ...(priority === undefined ? {} : { priority }),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    ...(rule.data.length === 0 ? {} : { data: { ...draft.options.data, ...data } }),
  };
  draft.details = { ...draft.options.data, ...draft.details, ...texts };
  draft.delaySeconds = delaySeconds ?? draft.delaySeconds;
  draft.isCopied = copyToSms ?? draft.isCopied;
}

function toShaped(
  { rules, delaySeconds, details, options, smsText, isCopied }: Draft,
  channel: Channel,
): RuleResult {
  const common = { rules, delaySeconds, isDropped: false };
  if (channel === 'sms') return { ...common, options: smsText === undefined ? {} : { text: smsText } };
  return { ...common, options, ...(isCopied ? { smsCopy: smsText ?? wordsOf(details) } : {}) };
}

/** A push in one line, as a text has it. */
function wordsOf({ title, body }: Draft['details']): string {
  const words = [title, body].filter((text) => typeof text === 'string' && text.trim() !== '');
  return storable(words.join(': '));
}
