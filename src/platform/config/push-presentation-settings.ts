import { TemplateSetting } from './expression.decorators.js';
import { COMETCHAT_FIELDS, FCM_RESERVED } from './push-field-names.js';
import {
  BlockSetting,
  BooleanSetting,
  IntSetting,
  isMapping,
  Setting,
  TextSetting,
} from './settings.decorators.js';

/** Fields that vendors and the gateway add beside CometChat's. */
const TAKEN = new Set<string>([...COMETCHAT_FIELDS, 'aps', 'uuid', 'callerName', 'handle']);
/** Per push, so that they never crowd out its content. */
const MAX_CUSTOM_BYTES = 1_024;
const TEXT = { maxLength: 100 };
const LONG_TEXT = { maxLength: 200 };

/** `false`: the app builds the notification from the data of the push; `true`: the system of the device shows it. */
class DataOnlySettings {
  @BooleanSetting({ description: 'Chat messages, reactions and group actions.' })
  chat: boolean = false;

  @BooleanSetting({ description: 'Calls.' })
  call: boolean = false;

  @BooleanSetting({ description: "Notifications that the app's backend requested." })
  api: boolean = false;
}

/** CometChat's apps show nothing for an unknown push type, such as `api`. */
class AndroidSettings extends DataOnlySettings {
  override api: boolean = true;
}

class ShownBySystemSettings extends DataOnlySettings {
  override chat: boolean = true;
  override call: boolean = true;
  override api: boolean = true;
}

export class NotificationInPayloadSettings {
  @BlockSetting(() => AndroidSettings, {
    description:
      'Android by FCM and by Huawei. FCM treats messages with a notification block as collapsible, so it throttles a busy group.',
  })
  android: DataOnlySettings = new AndroidSettings();

  @BlockSetting(() => ShownBySystemSettings, {
    description:
      "Apple's devices behind FCM. Without a notification block they get a background push, which iOS delays at its discretion.",
  })
  ios: DataOnlySettings = new ShownBySystemSettings();

  @BlockSetting(() => DataOnlySettings, { description: 'Browsers by FCM and by Web Push.' })
  web: DataOnlySettings = new DataOnlySettings();

  @BlockSetting(() => ShownBySystemSettings, { description: "Apps by Expo's push service." })
  expo: DataOnlySettings = new ShownBySystemSettings();
}

export class SoundSettings {
  @TextSetting({ description: 'Sound of messages.', ...TEXT })
  chat: string = 'default';

  @TextSetting({
    description: 'Sound of calls that ring by a plain notification. A missed call sounds like a message.',
    ...TEXT,
  })
  call: string = 'default';
}

export class ChannelSettings {
  @TextSetting({
    description: 'Channel of messages.',
    unset: "the app's default",
    example: 'messages',
    ...TEXT,
  })
  chat?: string;

  @TextSetting({ description: 'Channel of calls.', unset: "the app's default", example: 'calls', ...TEXT })
  call?: string;
}

export class HuaweiCategorySettings {
  @TextSetting({
    description: 'Category of messages, such as `IM`.',
    unset: 'none',
    pattern: [/^[A-Z_]{1,64}$/, 'one of Huawei’s categories, such as IM'],
    example: 'IM',
  })
  chat?: string;

  @TextSetting({
    description: 'Category of calls, such as `VOIP`.',
    unset: 'none',
    pattern: [/^[A-Z_]{1,64}$/, 'one of Huawei’s categories, such as VOIP'],
    example: 'VOIP',
  })
  call?: string;
}

export class TtlSettings {
  @IntSetting({
    description: 'Time for messages.',
    unset: 'the lifetime of the delivery',
    unit: 'seconds',
    min: 0,
    max: 2_419_200,
    example: 86_400,
  })
  chat?: number;

  @IntSetting({
    description:
      'Time for rings, and for the pushes that silently end them. A missed call is kept like a message.',
    unit: 'seconds',
    min: 0,
    max: 3_600,
  })
  call: number = 60;
}

export class MissedCallTextSettings {
  @TemplateSetting({ description: 'Title.', ...LONG_TEXT })
  title: string = '{{senderName}}';

  @TemplateSetting({ description: 'Body for an audio call.', ...LONG_TEXT })
  audio: string = 'Missed audio call';

  @TemplateSetting({ description: 'Body for a video call.', ...LONG_TEXT })
  video: string = 'Missed video call';

  @TemplateSetting({ description: 'Body if the event does not say which of the two it was.', ...LONG_TEXT })
  other: string = 'Missed call';
}

export class CallPushSettings {
  @BooleanSetting({
    description:
      'Whether the end of a call goes to VoIP tokens as well. Enable it only if the app expects it: iOS ends an app that takes a VoIP push without reporting a call, and React Native apps would ring again.',
  })
  endActionsAsVoip: boolean = false;

  @BooleanSetting({
    description: 'Whether a call that rang and was not taken is shown as a missed call.',
  })
  missedCall: boolean = true;

  @BlockSetting(() => MissedCallTextSettings, {
    description: 'Text of a missed call, with any field of the event, such as `{{senderName}}`.',
  })
  missedCallText: MissedCallTextSettings = new MissedCallTextSettings();
}

export class BurstSettings {
  @IntSetting({
    description:
      'Chat pushes to one user from one conversation that are shown separately within a window; 0: all of them.',
    unit: 'pushes',
    min: 0,
    max: 10_000,
  })
  ceiling: number = 0;

  @IntSetting({ description: 'Length of the window.', unit: 'seconds', min: 1, max: 3_600 })
  windowSeconds: number = 60;

  @IntSetting({
    description: 'Minimum time between two digest pushes of a burst.',
    unit: 'seconds',
    min: 1,
    max: 600,
  })
  collapseSeconds: number = 10;

  @TemplateSetting({
    description:
      'Body of a digest push, with any text field of the newest message and `{{count}}`, the messages of the burst.',
    ...LONG_TEXT,
  })
  text: string = '{{count}} new messages: {{body}}';
}

/** The form of an app's pushes. */
export class PushPresentationSettings {
  @BlockSetting(() => NotificationInPayloadSettings, {
    description:
      "Pushes with a notification block, named as in CometChat's own FCM provider. With one the system shows the push; without one the app does, as CometChat's Android and web apps do.",
  })
  notificationInPayload: NotificationInPayloadSettings = new NotificationInPayloadSettings();

  @BlockSetting(() => SoundSettings, {
    description:
      'Sound of a push that the system shows: the name of a file in the app, `default`, or empty for none.',
  })
  sound: SoundSettings = new SoundSettings();

  @BlockSetting(() => ChannelSettings, {
    description:
      'Android notification channel of a push that the system shows. The app must have created the channel.',
  })
  androidChannelId: ChannelSettings = new ChannelSettings();

  @BlockSetting(() => TtlSettings, {
    description:
      'Time for which a vendor keeps a push for an unreachable device, within the lifetime of the delivery.',
  })
  ttlSeconds: TtlSettings = new TtlSettings();

  @TextSetting({
    description:
      "Category of messages on Apple's devices; CometChat's iOS sample offers a reply for `MESSAGE_CATEGORY`.",
    unset: 'none',
    pattern: [/^[\x21-\x7e]{1,64}$/, '1 to 64 characters without spaces'],
    example: 'MESSAGE_CATEGORY',
  })
  iosCategory?: string;

  @BlockSetting(() => HuaweiCategorySettings, {
    description: "Huawei's own message categories, each of which needs Huawei's approval.",
  })
  huaweiCategory: HuaweiCategorySettings = new HuaweiCategorySettings();

  @Setting(
    { type: 'mapping', range: 'up to 1,024 bytes as JSON' },
    { description: "Fields added to every push; they may not replace CometChat's." },
    problemOfCustomJson,
  )
  customJson: Record<string, unknown> = {};

  @BlockSetting(() => CallPushSettings, { description: 'Pushes of calls.' })
  calls: CallPushSettings = new CallPushSettings();

  @BlockSetting(() => BurstSettings, {
    description:
      'Bursts of chat pushes: beyond the ceiling the pushes of one conversation become one digest push, which is updated silently. Those in between are `skipped` in the ledger with the reason `collapsed`. Calls are never part of a burst. See [rules](rules.md).',
  })
  storm: BurstSettings = new BurstSettings();
}

/** Problem of a mapping that is put beside CometChat's fields in a push. */
export function problemOfCustomJson(value: unknown): string | undefined {
  if (!isMapping(value)) return 'must be a mapping';
  const taken = Object.keys(value).filter((key) => TAKEN.has(key) || FCM_RESERVED.test(key));
  if (taken.length > 0) return `uses names that are taken: ${taken.join(', ')}`;
  return Buffer.byteLength(JSON.stringify(value)) > MAX_CUSTOM_BYTES
    ? 'must not be longer than 1,024 bytes as JSON'
    : undefined;
}
