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

/** The input of rules. */
export interface RuleInput {
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  readonly receivedAt: Date;
  readonly content: PushContent | SmsContent;
}

/** The effect of the rules on a notification. */
export interface RuleResult {
  /** Names of the rules that matched. */
  readonly rules: readonly string[];
  readonly isDropped: boolean;
  readonly delaySeconds: number;
  readonly options: DeliveryOptions;
  /** Text of an SMS beside the push; empty if there is nothing to send. */
  readonly smsCopy?: string;
}

export const UNCHANGED: RuleResult = { rules: [], isDropped: false, delaySeconds: 0, options: {} };

export type Shape = (event: RuleInput) => RuleResult;

/** Called when a rule or one of its templates fails on an event. `code` contains nothing of the event. */
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

/** A notification while the rules are applied. */
interface Draft {
  readonly rules: string[];
  delaySeconds: number;
  details: Readonly<Record<string, unknown>>;
  options: DeliveryOptions;
  smsText: string | undefined;
  isCopied: boolean;
}

/**
 * Compiles an app's rules. They apply in order, and each sees the changes of those before it.
 *
 * A rule that fails on an event does not match it; a template that fails or is empty changes nothing. So a rule never
 * loses a notification by failing.
 *
 * @throws WrongExpression for an expression that the check of the configuration refuses.
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
      if (rule.then.drop) return { ...toResult(draft, channel), isDropped: true };
      apply(rule, event, draft, onFailed);
      if (rule.then.stop) break;
    }
    return toResult(draft, channel);
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

/** Removes the nulls that CometChat sends for fields that do not apply, and uses only the spelling `cancelled`. */
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
  // Before the details change, so that all templates of a rule see the same.
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

function toResult(
  { rules, delaySeconds, details, options, smsText, isCopied }: Draft,
  channel: Channel,
): RuleResult {
  const common = { rules, delaySeconds, isDropped: false };
  if (channel === 'sms') return { ...common, options: smsText === undefined ? {} : { text: smsText } };
  return { ...common, options, ...(isCopied ? { smsCopy: smsText ?? lineOf(details) } : {}) };
}

/** A push as one line of text. */
function lineOf({ title, body }: Draft['details']): string {
  const parts = [title, body].filter((text) => typeof text === 'string' && text.trim() !== '');
  return storable(parts.join(': '));
}
