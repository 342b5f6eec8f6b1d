import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { IsTemplate } from './expression.decorators.js';
import { COMETCHAT_FIELDS, FCM_RESERVED } from './push-field-names.js';
import { BooleanSetting, NumberSetting } from './settings.decorators.js';

/** What vendors and the gateway put beside them. */
const TAKEN = new Set<string>([...COMETCHAT_FIELDS, 'aps', 'uuid', 'callerName', 'handle']);
/** Of every push, so that it never crowds out what a push is about. */
const MAX_CUSTOM_BYTES = 1_024;

/** Whether the app itself makes what is shown from the push's data (`false`), or the phone's system does (`true`). */
class DataOnlySettings {
  @BooleanSetting()
  @IsBoolean()
  chat: boolean = false;

  @BooleanSetting()
  @IsBoolean()
  call: boolean = false;

  /** Of pushes that the app's backend asked for. */
  @BooleanSetting()
  @IsBoolean()
  api: boolean = false;
}

/** CometChat's apps show nothing of a type that they do not know, as `api` is. */
class AndroidSettings extends DataOnlySettings {
  override api: boolean = true;
}

class ShownBySystemSettings extends DataOnlySettings {
  override chat: boolean = true;
  override call: boolean = true;
  override api: boolean = true;
}

/**
 * Which pushes carry a notification block, named as in CometChat's own FCM provider. Without one the app's own code
 * makes what is shown, as CometChat's Android and web apps do; with one the system shows it, and on Android FCM treats
 * the message as collapsible, so that it throttles a busy group.
 */
export class NotificationInPayloadSettings {
  /** Android by FCM and by Huawei. */
  @ValidateNested()
  @Type(() => AndroidSettings)
  android: DataOnlySettings = new AndroidSettings();

  /** Apple's devices behind FCM: without a block they get a background push, which iOS holds back as it likes. */
  @ValidateNested()
  @Type(() => ShownBySystemSettings)
  ios: DataOnlySettings = new ShownBySystemSettings();

  /** Browsers by FCM and by Web Push. */
  @ValidateNested()
  @Type(() => DataOnlySettings)
  web: DataOnlySettings = new DataOnlySettings();

  /** Apps by Expo's push service. */
  @ValidateNested()
  @Type(() => ShownBySystemSettings)
  expo: DataOnlySettings = new ShownBySystemSettings();
}

/** The sound of what the system shows: a file's name in the app, `default`, or nothing for none. */
export class SoundSettings {
  @IsString()
  @MaxLength(100)
  chat: string = 'default';

  /** Of a call that rings by a plain notification. A missed call sounds like a message. */
  @IsString()
  @MaxLength(100)
  call: string = 'default';
}

/** The Android notification channels of what the system shows; the app must have made them. Unset: its default. */
export class ChannelSettings {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  chat?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  call?: string;
}

/** Huawei's own kinds of message, such as `IM` and `VOIP`. Each needs Huawei's approval, so unset: none is named. */
export class HuaweiCategorySettings {
  @IsOptional()
  @Matches(/^[A-Z_]{1,64}$/, { message: 'must be one of Huawei’s categories, such as IM' })
  chat?: string;

  @IsOptional()
  @Matches(/^[A-Z_]{1,64}$/, { message: 'must be one of Huawei’s categories, such as VOIP' })
  call?: string;
}

/** How long vendors keep a push for a device that is away, in seconds; never past the delivery's own lifetime. */
export class TtlSettings {
  /** Unset: as long as the delivery may live. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(0)
  @Max(2_419_200)
  chat?: number;

  /** Rings, and what silently ends them. A missed call is kept like a message. */
  @NumberSetting()
  @IsInt()
  @Min(0)
  @Max(3_600)
  call: number = 60;
}

/** The text of a missed call: templates in Liquid over any text field of the event, such as `{{senderName}}`. */
export class MissedCallTextSettings {
  @IsTemplate()
  @MaxLength(200)
  title: string = '{{senderName}}';

  @IsTemplate()
  @MaxLength(200)
  audio: string = 'Missed audio call';

  @IsTemplate()
  @MaxLength(200)
  video: string = 'Missed video call';

  /** Where the event does not say which of the two it was. */
  @IsTemplate()
  @MaxLength(200)
  other: string = 'Missed call';
}

export class CallPushSettings {
  /**
   * Whether the end of a call goes to VoIP tokens, too. Only for apps whose code expects it: iOS ends an app that takes
   * a VoIP push without reporting a call, and React Native apps would ring again.
   */
  @BooleanSetting()
  @IsBoolean()
  endActionsAsVoip: boolean = false;

  /** Whether a call that rang and was not taken is shown as a missed call. */
  @BooleanSetting()
  @IsBoolean()
  missedCall: boolean = true;

  @ValidateNested()
  @Type(() => MissedCallTextSettings)
  missedCallText: MissedCallTextSettings = new MissedCallTextSettings();
}

/**
 * What happens when one conversation floods a person: beyond the ceiling its chat pushes become one, which is brought
 * up to date every so often. Calls are never part of it.
 */
export class StormSettings {
  /** Chat pushes for one person in one conversation that are shown one by one within a window; 0: all of them. */
  @NumberSetting()
  @IsInt()
  @Min(0)
  @Max(10_000)
  ceiling: number = 0;

  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(3_600)
  windowSeconds: number = 60;

  /** The least time between two pushes of a storm. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(600)
  collapseSeconds: number = 10;

  /** The body of such a push: a template in Liquid over the newest message's text fields and `{{count}}`, that of the storm. */
  @IsTemplate()
  @MaxLength(200)
  text: string = '{{count}} new messages: {{body}}';
}

/** What the pushes of an app look like. */
export class PushPresentationSettings {
  @ValidateNested()
  @Type(() => NotificationInPayloadSettings)
  notificationInPayload: NotificationInPayloadSettings = new NotificationInPayloadSettings();

  @ValidateNested()
  @Type(() => SoundSettings)
  sound: SoundSettings = new SoundSettings();

  @ValidateNested()
  @Type(() => ChannelSettings)
  androidChannelId: ChannelSettings = new ChannelSettings();

  @ValidateNested()
  @Type(() => TtlSettings)
  ttlSeconds: TtlSettings = new TtlSettings();

  /** The category of messages on Apple's devices; CometChat's iOS sample offers a reply for `MESSAGE_CATEGORY`. */
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,64}$/, { message: 'must be 1 to 64 characters without spaces' })
  iosCategory?: string;

  @ValidateNested()
  @Type(() => HuaweiCategorySettings)
  huaweiCategory: HuaweiCategorySettings = new HuaweiCategorySettings();

  /** Fields added to every push, beside those of CometChat, which they may not replace. */
  @IsCustomJson()
  customJson: Record<string, unknown> = {};

  @ValidateNested()
  @Type(() => CallPushSettings)
  calls: CallPushSettings = new CallPushSettings();

  @ValidateNested()
  @Type(() => StormSettings)
  storm: StormSettings = new StormSettings();
}

/** A mapping that may lie beside CometChat's fields in a push. */
export function IsCustomJson(): PropertyDecorator {
  return ValidateBy({
    name: 'isCustomJson',
    validator: {
      validate: (value: unknown) => customJsonProblem(value) === undefined,
      defaultMessage: (args) => customJsonProblem(args?.value) ?? '',
    },
  });
}

function customJsonProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a mapping';
  const taken = Object.keys(value).filter((key) => TAKEN.has(key) || FCM_RESERVED.test(key));
  if (taken.length > 0) return `uses names that are taken: ${taken.join(', ')}`;
  return Buffer.byteLength(JSON.stringify(value)) > MAX_CUSTOM_BYTES
    ? 'must not be longer than 1,024 bytes as JSON'
    : undefined;
}
