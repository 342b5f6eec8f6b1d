import {
  SecretSetting,
  TextSetting,
  TextsSetting,
  UrlSetting,
} from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class AwsSettings extends SmsProviderSettings {
  static readonly summary = 'AWS End User Messaging SMS (`SendTextMessage`).';

  override type: 'aws';

  @TextSetting({
    description: 'AWS region.',
    pattern: [/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region, such as eu-central-1'],
    example: 'eu-central-1',
  })
  region: string;

  @TextSetting({
    description: "Id of an access key; without one the machine's role is used.",
    requiredWith: 'secretAccessKey',
    example: '${AWS_ACCESS_KEY_ID}',
  })
  accessKeyId?: string;

  @SecretSetting({
    description: 'The access key.',
    requiredWith: 'accessKeyId',
    example: '${AWS_SECRET_ACCESS_KEY}',
  })
  secretAccessKey?: string;

  @TextSetting({
    description: 'Number, sender id or pool that sends, instead of `from`.',
    unset: '`from`',
    example: '+15005550006',
  })
  originationIdentity?: string;

  @TextSetting({
    description: 'Sender that phones show.',
    unset: '`originationIdentity`, or what AWS chooses',
  })
  override from?: string;

  @TextSetting({
    description: 'Configuration set, which routes the events of an SMS, delivery reports among them.',
    unset: 'none',
  })
  configurationSet?: string;

  @TextsSetting({
    description:
      'SNS topics (ARNs) whose delivery reports and replies are accepted. SNS signs for every AWS account, so no others are; their subscriptions are confirmed when SNS asks. Without any, the callback addresses need `callbackSecret`.',
    pattern: [
      /^arn:aws[a-z-]*:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
      'ARNs of SNS topics',
    ],
  })
  topicArns: string[] = [];

  @UrlSetting({
    description: 'Address for the certificates and subscription confirmations of SNS.',
    unset: "SNS's own hosts",
  })
  snsEndpoint?: string;
}
