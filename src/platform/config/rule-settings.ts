import { ConditionSetting, problemOfTemplate, TemplateSetting } from './expression.decorators.js';
import { problemOfCustomJson } from './push-presentation-settings.js';
import {
  BlockSetting,
  BooleanSetting,
  ChoiceSetting,
  IntSetting,
  Setting,
  TextSetting,
} from './settings.decorators.js';

const ONE_DAY_S = 86_400;
/** The JSON escapes that PostgreSQL's jsonb refuses. */
const UNSTORABLE = /\\u(0000|d[89a-f]..)/;

/** Effects of a rule on the notifications that it matches. */
export class RuleActions {
  @BooleanSetting({
    description: 'Sends nothing. The event of a call still updates the state of the call.',
    unset: 'sent',
  })
  drop?: boolean;

  @IntSetting({
    description: 'Delay after acceptance, within the lifetime. Pushes of calls are never delayed.',
    unset: 'no delay',
    unit: 'seconds',
    min: 1,
    max: ONE_DAY_S,
  })
  delaySeconds?: number;

  @TemplateSetting({
    description:
      'Title of the push. A template with an empty result changes nothing; so in `body` and `smsText`.',
    unset: 'as received',
  })
  title?: string;

  @TemplateSetting({ description: 'Body of the push.', unset: 'as received' })
  body?: string;

  @TextSetting({
    description:
      'Sound of a push that the system shows: the name of a file in the app, `default`, or empty for none.',
    unset: '`push.sound`',
    pattern: [/^\P{C}{0,100}$/u, 'at most 100 characters'],
  })
  sound?: string;

  @ChoiceSetting(['high', 'normal'], {
    description:
      'Priority of the push; `normal` does not wake a sleeping device. Rings, and pushes that end them, are always `high`.',
    unset: '`high`',
  })
  priority?: 'high' | 'normal';

  @IntSetting({
    description: 'Time for which the vendor keeps the push for an unreachable device, within the lifetime.',
    unset: '`push.ttlSeconds`',
    unit: 'seconds',
    min: 0,
    max: 2_419_200,
  })
  ttlSeconds?: number;

  @Setting(
    { type: 'mapping' },
    {
      description:
        'Fields added to the push; they do not replace those of the event. Strings are Liquid templates.',
      unset: 'none',
      check: problemOfTemplatesIn,
    },
    problemOfCustomJson,
  )
  data?: Record<string, unknown>;

  @BooleanSetting({
    description:
      'Sends the push as SMS as well, to the number of the contact or, without one, the number that CometChat has.',
    unset: 'push only',
  })
  copyToSms?: boolean;

  @TemplateSetting({
    description: "Text of the SMS, whether it is a copy or CometChat's own.",
    unset: 'as received',
  })
  smsText?: string;

  @BooleanSetting({ description: 'Skips all later rules.', unset: 'later rules apply' })
  stop?: boolean;
}

export class RuleSettings {
  @TextSetting({
    description: 'Name in the log.',
    pattern: [/^[\w .-]{1,64}$/, '1 to 64 letters, digits, spaces, _, . or -'],
  })
  name: string;

  @ConditionSetting({ description: 'Condition in [CEL](https://cel.dev). See [rules](rules.md).' })
  when: string;

  @BlockSetting(() => RuleActions, {
    description: 'Effects on the notifications that match; at least one.',
    check: (value) =>
      Object.values(value as object).some((action) => action !== undefined)
        ? undefined
        : 'must name an action',
  })
  then: RuleActions;
}

export const RULES_EXAMPLE: readonly object[] = [
  {
    name: 'nothing from the test bot',
    when: 'details.sender == "test-bot"',
    then: { drop: true },
  },
  {
    name: 'no text of private chats on the lock screen',
    when: 'kind == "chat" && details.receiverType == "user"',
    then: { body: 'New message', data: { deepLink: 'app://chat/{{ details.conversationId }}' } },
  },
  {
    name: 'groups wait for the morning',
    when: 'kind == "chat" && details.receiverType == "group" && now.getHours("Europe/Berlin") < 6',
    then: { priority: 'normal', sound: '', delaySeconds: 3_600 },
  },
  {
    name: 'missed calls also as SMS',
    when: 'kind == "call" && details.callAction == "unanswered"',
    then: { copyToSms: true, smsText: '{{ details.senderName }} tried to call you.' },
  },
];

function problemOfTemplatesIn(value: unknown): string | undefined {
  for (const [key, text] of Object.entries(value ?? {})) {
    const problem = typeof text === 'string' ? problemOfTemplate(text) : undefined;
    if (problem !== undefined) return `has in ${key} a template that ${problem}`;
  }
  return UNSTORABLE.test(JSON.stringify(value) ?? '') ? 'holds U+0000, or half of a character' : undefined;
}
