import { TemplatesByLanguageSetting } from './expression.decorators.js';
import { CountriesSetting, CountrySetting, IdsSetting, WordsSetting } from './matching.decorators.js';
import { ProvidersSetting } from './provider-settings.js';
import {
  BlockSetting,
  BlocksSetting,
  BooleanSetting,
  ChoiceSetting,
  IntSetting,
  MapSetting,
  NumberSetting,
  TextSetting,
  TextsSetting,
  UrlSetting,
} from './settings.decorators.js';
import type { SmsProviderSettings } from './sms-provider-settings.js';

export class SmsRouteSettings {
  @CountriesSetting({
    description: 'Countries (ISO 3166-1 alpha-2) of the numbers that it applies to.',
    unset: 'all',
  })
  countries?: string[];

  @IdsSetting('uids', { description: 'Uids of the senders whose messages it applies to.', unset: 'all' })
  senders?: string[];

  @IdsSetting('guids', { description: 'Guids of the groups whose messages it applies to.', unset: 'all' })
  groups?: string[];

  @TextsSetting({ description: 'Provider ids in the order of failover.', minItems: 1 })
  use: string[];

  @MapSetting({
    description: 'Shares, by provider id, in which each provider is the first to be tried.',
    unset: 'the first of `use` always is',
  })
  weights?: Record<string, number>;

  @ChoiceSetting(['moveOn', 'wait'], {
    description: 'Behaviour over quota: `moveOn` tries the next provider, `wait` waits as the vendor asks.',
  })
  onOverQuota: 'moveOn' | 'wait' = 'moveOn';
}

export class SmsTextSettings {
  @BooleanSetting({
    description:
      'Replaces characters that GSM-7 lacks (curly quotes, accents, dashes) if that halves the cost of an SMS.',
  })
  transliterate: boolean = false;

  @IntSetting({
    description: 'Maximum length of one SMS; a longer one is cut, and a link in it is kept.',
    unit: 'segments',
    min: 1,
    max: 10,
  })
  maxSegments: number = 6;

  @UrlSetting({
    description: 'Link in SMS that the gateway composes.',
    unset: 'none',
    example: 'https://example.com/chat',
  })
  link?: string;

  @TextSetting({
    description: 'Language of users whose own is unknown or missing in `templates`.',
    pattern: [/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language, such as en or pt-BR'],
  })
  language: string = 'en';

  @TemplatesByLanguageSetting({
    description:
      "SMS templates for webhooks without `smsContent`, by language; [Liquid](https://liquidjs.com) with `count`, `sender`, `group`, `link` and `appId`. Default: the gateway's own.",
    example: {
      en: '{% if count == 1 %}1 new message{% else %}{{ count }} new messages{% endif %} from {{ sender }}: {{ link }}',
    },
  })
  templates: Record<string, string> = {};
}

export class SmsPriceSettings {
  @TextSetting({ description: 'Provider id that it applies to.', unset: 'all' })
  provider?: string;

  @CountriesSetting({ description: 'Countries that it applies to.', unset: 'all' })
  countries?: string[];

  @NumberSetting({ description: 'Price of one segment in `currency`.', min: 0 })
  perSegment: number;
}

export class SmsLimitSettings {
  @IntSetting({ description: 'Maximum number of SMS.', unset: 'no limit', unit: 'SMS', min: 1 })
  texts?: number;

  @NumberSetting({
    description: 'Maximum cost in `currency`, by the configured prices. Every SMS needs a price then.',
    unset: 'no limit',
    min: 0,
  })
  money?: number;
}

export class SmsPumpingSettings {
  @IntSetting({
    description: 'SMS to one number prefix within the window; 0: no limit.',
    unit: 'SMS',
    min: 0,
  })
  texts: number = 1_000;

  @IntSetting({ description: 'Length of the window.', unit: 'minutes', min: 1, max: 1_440 })
  windowMinutes: number = 60;

  @IntSetting({
    description: 'Digits at the end of a number that its prefix leaves out.',
    unit: 'digits',
    min: 1,
    max: 6,
  })
  omitDigits: number = 3;
}

export class SmsGuardSettings {
  @TextSetting({
    description: 'Currency of prices and limits.',
    pattern: [/^[A-Z]{3}$/, 'a currency, such as USD'],
  })
  currency: string = 'USD';

  @BlocksSetting(() => SmsPriceSettings, {
    description: 'Prices of SMS; the first that matches applies.',
    example: [
      { countries: ['US', 'CA'], perSegment: 0.0079 },
      { provider: 'vonage', countries: ['IN'], perSegment: 0.0453 },
      { perSegment: 0.05 },
    ],
  })
  prices: SmsPriceSettings[] = [];

  @BlockSetting(() => SmsLimitSettings, {
    description: 'Limit for one user per hour, over all processes.',
    unset: 'no limit',
    example: { texts: 10 },
  })
  perPersonPerHour?: SmsLimitSettings;

  @BlockSetting(() => SmsLimitSettings, {
    description: 'Limit for one user per day.',
    unset: 'no limit',
    example: { texts: 30, money: 1 },
  })
  perPersonPerDay?: SmsLimitSettings;

  @BlockSetting(() => SmsLimitSettings, {
    description: 'Limit for one user per day with one sender, or in one group.',
    unset: 'no limit',
    example: { texts: 20 },
  })
  perConversationPerDay?: SmsLimitSettings;

  @BlockSetting(() => SmsLimitSettings, {
    description: 'Limit for the app per month.',
    unset: 'no limit',
    example: { money: 1_000 },
  })
  perAppPerMonth?: SmsLimitSettings;

  @BlockSetting(() => SmsPumpingSettings, {
    description:
      'SMS pumping: bursts to numbers that differ only in their last digits, which fraudsters provoke.',
  })
  pumping: SmsPumpingSettings = new SmsPumpingSettings();

  @BooleanSetting({ description: 'Lifts all limits; counting continues.' })
  breakGlass: boolean = false;
}

export class SmsOptOutSettings {
  @WordsSetting({ description: 'Further words for STOP, beside the usual English ones.', example: ['arret'] })
  stopWords: string[] = [];

  @WordsSetting({ description: 'Further words for START.' })
  startWords: string[] = [];

  @WordsSetting({ description: 'Further words for HELP.' })
  helpWords: string[] = [];

  @TextSetting({
    description: 'Reply that confirms a STOP; empty: none, for vendors that reply by themselves.',
  })
  stopReply: string = 'You are unsubscribed and will get no more texts. Reply START to get them again.';

  @TextSetting({ description: 'Reply that confirms a START; empty: none.' })
  startReply: string = 'You will get texts again. Reply STOP to end them.';

  @TextSetting({ description: 'Reply to a HELP; empty: none.' })
  helpReply: string = 'You get texts for messages that wait for you. Reply STOP to end them.';
}

export const SMS_POLICIES = ['always', 'ifNoPush', 'ifNotSeen'] as const;

export class SmsSettings {
  @CountrySetting({
    description: 'Country of numbers that are written without a country code.',
    unset: 'such numbers are invalid',
    example: 'US',
  })
  defaultCountry?: string;

  @CountriesSetting({
    description: 'Countries to which SMS may be sent.',
    unset: 'anywhere, with a warning at start',
    example: ['US', 'CA', 'IN'],
  })
  countries?: string[];

  @ProvidersSetting('sms', { description: 'Vendors of SMS. See [SMS providers](#sms-providers).' })
  providers: SmsProviderSettings[] = [];

  @BlocksSetting(() => SmsRouteSettings, {
    description: 'Routes; the first of which all conditions match decides. See [SMS](sms.md).',
    unset: 'the providers in their order',
    example: [
      { countries: ['IN'], use: ['vonage', 'twilio'], onOverQuota: 'wait' },
      { senders: ['bank-bot'], use: ['twilio'] },
      { use: ['twilio', 'vonage'], weights: { twilio: 80, vonage: 20 } },
    ],
  })
  routes?: SmsRouteSettings[];

  @BooleanSetting({
    description:
      'Whether the next provider gets an SMS that the previous one may have sent, because it did not answer and cannot be asked. The ledger marks such an SMS.',
  })
  acceptPossibleDouble: boolean = false;

  @IntSetting({
    description:
      'Time without a delivery report after which the next provider gets the SMS as well, marked likewise. It applies to vendors that report.',
    unset: 'never',
    unit: 'seconds',
    min: 1,
    max: 86_400,
    example: 600,
  })
  receiptTimeoutSeconds?: number;

  @BlockSetting(() => SmsTextSettings, { description: 'Text and length of SMS.' })
  text: SmsTextSettings = new SmsTextSettings();

  @ChoiceSetting(SMS_POLICIES, {
    description:
      'Condition for sending an SMS at all: `always`, only to users without a live device, or only if no push was seen. See [push first](push-first.md).',
  })
  policy: (typeof SMS_POLICIES)[number] = 'always';

  @IntSetting({
    description: '`ifNotSeen`: time within which a device must report that the push was seen.',
    unit: 'seconds',
    min: 1,
    max: 86_400,
  })
  seenWithinSeconds: number = 60;

  @BooleanSetting({
    description:
      'Whether CometChat is asked for numbers that neither the webhook nor the contacts have; needs `cometchat.restApiKey`.',
  })
  askCometChatForNumbers: boolean = false;

  @BlockSetting(() => SmsGuardSettings, { description: 'Limits on the number and cost of SMS.' })
  guard: SmsGuardSettings = new SmsGuardSettings();

  @BlockSetting(() => SmsOptOutSettings, {
    description: 'Words by which users opt out, opt in and ask for help.',
  })
  optOut: SmsOptOutSettings = new SmsOptOutSettings();
}
