import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { HoldsTemplatesByLanguage } from './expression.decorators.js';
import { CountriesSetting, CountrySetting, IdsSetting, WordsSetting } from './matching.decorators.js';
import { ProviderBlocks } from './provider-settings.js';
import { BooleanSetting, NumberSetting } from './settings.decorators.js';
import { SMS_PROVIDER_TYPES, type SmsProviderSettings } from './sms-provider-settings.js';

/** One rule of `sms.routes`: the first that matches decides. All that it names has to match. */
export class SmsRouteSettings {
  /** Countries (ISO 3166-1 alpha-2) of the numbers that it is for; unset: all. */
  @IsOptional()
  @CountriesSetting()
  countries?: string[];

  /** Uids of the senders whose messages it is for; unset: all. */
  @IsOptional()
  @IdsSetting('uids')
  senders?: string[];

  /** Guids of the groups whose messages it is for; unset: all. */
  @IsOptional()
  @IdsSetting('guids')
  groups?: string[];

  /** Provider ids in the order in which they are tried. */
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  use: string[];

  /** How often each provider is the first: parts of their sum, by id; unset: the first of `use` always is. */
  @IsOptional()
  @IsObject()
  weights?: Record<string, number>;

  /** What is done where a vendor is over quota: the next one gets the text, or it waits as the vendor asks. */
  @IsIn(['moveOn', 'wait'])
  onOverQuota: 'moveOn' | 'wait' = 'moveOn';
}

/** What a text says and how long it may be. */
export class SmsTextSettings {
  /** Replaces characters that GSM-7 lacks (curly quotes, accents, dashes) where that halves what a text costs. */
  @BooleanSetting()
  @IsBoolean()
  transliterate: boolean = false;

  /** Segments that one text may take; a longer one is cut, and a link in it is kept. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(10)
  maxSegments: number = 6;

  /** Where a reader is sent by texts that are made here. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  link?: string;

  /** The language of persons whose own is not known, or is none of `templates`. */
  @Matches(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { message: 'must be a language, such as en or pt-BR' })
  language: string = 'en';

  /**
   * Texts for webhooks without `smsContent`, by language, in Liquid over `count`, `sender`, `group`, `link` and
   * `appId`; unset: the gateway's own.
   */
  @HoldsTemplatesByLanguage()
  templates: Record<string, string> = {};
}

/** What texts cost: the first price that matches holds. */
export class SmsPriceSettings {
  @IsOptional()
  @IsString()
  provider?: string;

  @IsOptional()
  @CountriesSetting()
  countries?: string[];

  /** For one segment, in `currency`. */
  @NumberSetting()
  @IsNumber()
  @Min(0)
  perSegment: number;
}

/** A ceiling: in texts, in money, or in both. */
export class SmsLimitSettings {
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(1)
  texts?: number;

  /** In `currency`, by the prices that are configured. */
  @IsOptional()
  @NumberSetting()
  @IsNumber()
  @Min(0)
  money?: number;
}

/** Bursts to neighbouring numbers, as those who earn from texts provoke them. */
export class SmsPumpingSettings {
  /** Texts to one prefix within the window; 0: no brake. */
  @NumberSetting()
  @IsInt()
  @Min(0)
  texts: number = 1_000;

  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_440)
  windowMinutes: number = 60;

  /** Digits at the end of a number that its prefix leaves out. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(6)
  omitDigits: number = 3;
}

/** What keeps the bill from running away. */
export class SmsGuardSettings {
  @Matches(/^[A-Z]{3}$/, { message: 'must be a currency, such as USD' })
  currency: string = 'USD';

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SmsPriceSettings)
  prices: SmsPriceSettings[] = [];

  @IsOptional()
  @ValidateNested()
  @Type(() => SmsLimitSettings)
  perPersonPerHour?: SmsLimitSettings;

  @IsOptional()
  @ValidateNested()
  @Type(() => SmsLimitSettings)
  perPersonPerDay?: SmsLimitSettings;

  @IsOptional()
  @ValidateNested()
  @Type(() => SmsLimitSettings)
  perConversationPerDay?: SmsLimitSettings;

  @IsOptional()
  @ValidateNested()
  @Type(() => SmsLimitSettings)
  perAppPerMonth?: SmsLimitSettings;

  @ValidateNested()
  @Type(() => SmsPumpingSettings)
  pumping: SmsPumpingSettings = new SmsPumpingSettings();

  /** Lets everything through and counts on: for the day on which a limit was wrong. */
  @BooleanSetting()
  @IsBoolean()
  breakGlass: boolean = false;
}

/** Words by which people steer what they are sent, beside the usual ones in English. */
export class SmsOptOutSettings {
  @WordsSetting()
  stopWords: string[] = [];

  @WordsSetting()
  startWords: string[] = [];

  @WordsSetting()
  helpWords: string[] = [];

  /** Answers, once each time that something changes; empty: none, for vendors that answer by themselves. */
  @IsString()
  stopReply: string = 'You are unsubscribed and will get no more texts. Reply START to get them again.';

  @IsString()
  startReply: string = 'You will get texts again. Reply STOP to end them.';

  @IsString()
  helpReply: string = 'You get texts for messages that wait for you. Reply STOP to end them.';
}

export const SMS_POLICIES = ['always', 'ifNoPush', 'ifNotSeen'] as const;

export class SmsSettings {
  /** The country of numbers that are written without one. */
  @IsOptional()
  @CountrySetting()
  defaultCountry?: string;

  /** Countries to which texts may go; unset: anywhere, with a warning at start. */
  @IsOptional()
  @CountriesSetting()
  countries?: string[];

  @IsArray()
  @ProviderBlocks(SMS_PROVIDER_TYPES)
  providers: SmsProviderSettings[] = [];

  /** Unset: the providers in the order in which they are listed. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SmsRouteSettings)
  routes?: SmsRouteSettings[];

  /**
   * Whether a text that a vendor may or may not have taken (no answer came, and it cannot be asked) is given to the
   * next vendor. It is marked in the ledger; `false`: it is left at that.
   */
  @BooleanSetting()
  @IsBoolean()
  acceptPossibleDouble: boolean = false;

  /** Seconds without a delivery receipt after which the next vendor gets the text; unset: never. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(86_400)
  receiptTimeoutSeconds?: number;

  @ValidateNested()
  @Type(() => SmsTextSettings)
  text: SmsTextSettings = new SmsTextSettings();

  /** When a text is sent at all: always, only to persons without a live device, or only where no push was seen. */
  @IsIn(SMS_POLICIES)
  policy: (typeof SMS_POLICIES)[number] = 'always';

  /** `ifNotSeen`: how long a device has for saying that the push was seen, in seconds. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(86_400)
  seenWithinSeconds: number = 60;

  /** Asks CometChat for numbers that neither the webhook nor the contacts have (`cometchat.restApiKey`). */
  @BooleanSetting()
  @IsBoolean()
  askCometChatForNumbers: boolean = false;

  @ValidateNested()
  @Type(() => SmsGuardSettings)
  guard: SmsGuardSettings = new SmsGuardSettings();

  @ValidateNested()
  @Type(() => SmsOptOutSettings)
  optOut: SmsOptOutSettings = new SmsOptOutSettings();
}
