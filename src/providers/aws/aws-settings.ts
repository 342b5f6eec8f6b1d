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
    description: "Access key id; without one, the machine's role is used.",
    requiredWith: 'secretAccessKey',
    example: '${AWS_ACCESS_KEY_ID}',
  })
  accessKeyId?: string;

  @SecretSetting({
    description: 'Secret access key.',
    requiredWith: 'accessKeyId',
    example: '${AWS_SECRET_ACCESS_KEY}',
  })
  secretAccessKey?: string;

  @TextSetting({
    description: 'Sending number, sender id or pool, instead of `from`.',
    unset: '`from`',
    example: '+15005550006',
  })
  originationIdentity?: string;

  @TextSetting({
    description: 'Displayed sender.',
    unset: "`originationIdentity`, or AWS's choice",
  })
  override from?: string;

  @TextSetting({
    description: 'Configuration set, which routes SMS events such as delivery reports.',
    unset: 'none',
  })
  configurationSet?: string;

  @TextsSetting({
    description:
      'SNS topics (ARNs) whose delivery reports and replies are accepted. SNS signs for every AWS account, so all other topics are rejected. Subscriptions of these topics are confirmed automatically. Without topics, the callback URLs require `callbackSecret`.',
    pattern: [
      /^arn:aws[a-z-]*:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
      'ARNs of SNS topics',
    ],
  })
  topicArns: string[] = [];

  @UrlSetting({
    description: 'Endpoint for SNS certificates and subscription confirmations.',
    unset: "SNS's hosts",
  })
  snsEndpoint?: string;
}
