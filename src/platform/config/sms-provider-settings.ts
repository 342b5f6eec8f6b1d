import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import {
  HttpOutcomeSettings,
  HttpReplySettings,
  HttpReportSettings,
  IsPath,
  IsTextPattern,
} from './http-sms-mapping.js';
import { ProviderSettings, URL_OPTIONS } from './provider-settings.js';
import { BooleanSetting, NumberSetting } from './settings.decorators.js';

const SMPP_URL_OPTIONS = {
  protocols: ['smpp', 'smpps'],
  require_protocol: true,
  require_tld: false,
  disallow_auth: true,
  allow_query_components: false,
  allow_fragments: false,
};

/** What every SMS provider block has beside `id`, `type` and `endpoint`. */
export abstract class SmsProviderBlock extends ProviderSettings {
  /** The sender that phones show: a number in E.164, a short code or a name. */
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  from?: string;

  /** Texts or segments per second that the vendor allows, over all processes of the gateway; unset: no limit of ours. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(1)
  throughputPerSecond?: number;

  /** What `throughputPerSecond` counts; unset: segments for `smpp`, `twilio` and `aws`, texts for all others. */
  @IsOptional()
  @IsIn(['texts', 'segments'])
  throughputCounts?: 'texts' | 'segments';

  /** Part of the callback addresses of vendors that do not sign: `?secret=…`; long, and drawn by chance. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  callbackSecret?: string;

  /**
   * Whether the vendor answers STOP, START and HELP by itself, so that the gateway does not; unset: as the vendor does
   * unless it is told otherwise.
   */
  @IsOptional()
  @BooleanSetting()
  @IsBoolean()
  answersOptOuts?: boolean;
}

/** Delivers nowhere: keeps what it was given and shows it at `/sandbox/messages`. */
export class SandboxSmsSettings extends SmsProviderBlock {
  @IsIn(['sandbox'])
  override type: 'sandbox';

  @IsOptional()
  @IsString()
  override from?: string;
}

/** Twilio Programmable Messaging. */
export class TwilioSettings extends SmsProviderBlock {
  @IsIn(['twilio'])
  override type: 'twilio';

  @Matches(/^AC[0-9a-zA-Z]{1,62}$/, { message: 'must be an account SID (AC…)' })
  accountSid: string;

  /** The account's token, which also signs its callbacks; unset: an API key pair. */
  @ValidateIf((block: TwilioSettings) => block.apiKeySid === undefined || block.authToken !== undefined)
  @IsDefined({ message: 'is required, unless apiKeySid and apiKeySecret are set' })
  @IsString()
  authToken?: string;

  @IsOptional()
  @Matches(/^SK[0-9a-zA-Z]{1,62}$/, { message: 'must be an API key SID (SK…)' })
  apiKeySid?: string;

  @ValidateIf((block: TwilioSettings) => block.apiKeySid !== undefined)
  @IsDefined({ message: 'is required with apiKeySid' })
  @IsString()
  apiKeySecret?: string;

  @ValidateIf((block: TwilioSettings) => block.messagingServiceSid === undefined || block.from !== undefined)
  @IsDefined({ message: 'is required, unless messagingServiceSid is set' })
  @IsString()
  override from?: string;

  @IsOptional()
  @Matches(/^MG[0-9a-zA-Z]{1,62}$/, { message: 'must be a messaging service SID (MG…)' })
  messagingServiceSid?: string;
}

/** Vonage's SMS API. */
export class VonageSettings extends SmsProviderBlock {
  @IsIn(['vonage'])
  override type: 'vonage';

  @IsString()
  @MinLength(1)
  apiKey: string;

  @IsString()
  @MinLength(1)
  apiSecret: string;

  /** Signs its callbacks; unset: `callbackSecret` has to be in their addresses. */
  @IsOptional()
  @IsString()
  signatureSecret?: string;

  /** How `signatureSecret` signs, as the account's settings say. */
  @IsIn(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'])
  signatureMethod: 'md5hash' | 'md5' | 'sha1' | 'sha256' | 'sha512' = 'sha256';
}

/** AWS End User Messaging SMS (`SendTextMessage`). */
export class AwsSettings extends SmsProviderBlock {
  @IsIn(['aws'])
  override type: 'aws';

  @Matches(/^[a-z]{2}(-[a-z]+)+-\d$/, { message: 'must be a region, such as eu-central-1' })
  region: string;

  /** Unset: the role of the machine. */
  @ValidateIf((block: AwsSettings) => block.secretAccessKey !== undefined)
  @IsDefined({ message: 'is required with secretAccessKey' })
  @IsString()
  accessKeyId?: string;

  @ValidateIf((block: AwsSettings) => block.accessKeyId !== undefined)
  @IsDefined({ message: 'is required with accessKeyId' })
  @IsString()
  secretAccessKey?: string;

  /** A number, sender id or pool; in place of `from`. */
  @IsOptional()
  @IsString()
  originationIdentity?: string;

  @IsOptional()
  @IsString()
  override from?: string;

  /** Routes the events of a message, its receipts among them. */
  @IsOptional()
  @IsString()
  configurationSet?: string;

  /**
   * The SNS topics (ARNs) that bring receipts and replies: SNS signs for every AWS account, so only these are believed.
   * Their subscriptions are confirmed when SNS asks. Unset: `callbackSecret` has to be in the callback addresses.
   */
  @IsArray()
  @Matches(/^arn:aws[a-z-]*:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/, {
    each: true,
    message: 'must be ARNs of SNS topics',
  })
  topicArns: string[] = [];

  /** Where SNS is asked for its certificates, and told that a subscription is wanted, in place of its own hosts. */
  @IsOptional()
  @IsUrl(URL_OPTIONS)
  snsEndpoint?: string;
}

export class PlivoSettings extends SmsProviderBlock {
  @IsIn(['plivo'])
  override type: 'plivo';

  @IsString()
  @MinLength(1)
  authId: string;

  /** Signs its callbacks as well. */
  @IsString()
  @MinLength(1)
  authToken: string;
}

export class TelnyxSettings extends SmsProviderBlock {
  @IsIn(['telnyx'])
  override type: 'telnyx';

  @IsString()
  @MinLength(1)
  apiKey: string;

  @ValidateIf((block: TelnyxSettings) => block.messagingProfileId === undefined || block.from !== undefined)
  @IsDefined({ message: 'is required, unless messagingProfileId is set' })
  @IsString()
  override from?: string;

  @IsOptional()
  @IsString()
  messagingProfileId?: string;

  /** The Ed25519 key with which Telnyx signs its callbacks, in base64; unset: `callbackSecret`. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{43}=$/, { message: 'must be 32 bytes in base64' })
  publicKey?: string;
}

export class MessageBirdSettings extends SmsProviderBlock {
  @IsIn(['messagebird'])
  override type: 'messagebird';

  @IsString()
  @MinLength(1)
  accessKey: string;

  /** Signs its callbacks; unset: `callbackSecret`. */
  @IsOptional()
  @IsString()
  signingKey?: string;
}

export class InfobipSettings extends SmsProviderBlock {
  @IsIn(['infobip'])
  override type: 'infobip';

  @IsString()
  @MinLength(1)
  apiKey: string;

  /** The account's own host, such as `https://xyz123.api.infobip.com`. */
  @IsDefined({ message: 'is required: every account has a host of its own' })
  @IsUrl(URL_OPTIONS)
  override endpoint: string;
}

export class SinchSettings extends SmsProviderBlock {
  @IsIn(['sinch'])
  override type: 'sinch';

  @IsString()
  @MinLength(1)
  servicePlanId: string;

  @IsString()
  @MinLength(1)
  apiToken: string;

  /** Signs its callbacks, where the service plan is set so; unset: `callbackSecret` may be that key as well. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  signatureSecret?: string;
}

/** How an SMS centre's receipts write the ids of messages, told by what they are beside those of its answers. */
export const RECEIPT_ID_FORMATS = ['any', 'same', 'decimal', 'hexadecimal'] as const;
export type ReceiptIdFormat = (typeof RECEIPT_ID_FORMATS)[number];

/** What a centre takes `data_coding` 0 for, its own alphabet. */
export const SMPP_ALPHABETS = ['gsm7', 'latin1', 'ascii'] as const;
export type SmppAlphabet = (typeof SMPP_ALPHABETS)[number];

/** How a centre is bound to. */
export const SMPP_BINDS = ['transceiver', 'transmitter-receiver'] as const;
export type SmppBind = (typeof SMPP_BINDS)[number];

/** An SMS centre over SMPP 3.4. */
export class SmppSettings extends SmsProviderBlock {
  @IsIn(['smpp'])
  override type: 'smpp';

  /** `smpp://host:port` or, over TLS, `smpps://host:port`, in place of `host`, `port` and `tls`. */
  @IsOptional()
  @IsUrl(SMPP_URL_OPTIONS, { message: 'must be an smpp: or smpps: address of a host and port' })
  override endpoint?: string;

  @ValidateIf(({ endpoint }: SmppSettings) => endpoint === undefined)
  @IsString()
  @MinLength(1, { message: 'is required, unless endpoint is set' })
  host: string = '';

  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(65_535)
  port: number = 2_775;

  @BooleanSetting()
  @IsBoolean()
  tls: boolean = false;

  @IsString()
  @MaxLength(15)
  systemId: string;

  @IsString()
  password: string;

  @IsString()
  @MaxLength(12)
  systemType: string = '';

  /** The centre's name for the service that texts belong to; empty: its default. */
  @IsString()
  @MaxLength(5)
  serviceType: string = '';

  /** Type and plan of the sender's number; unset: told from `from`. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(0)
  @Max(6)
  sourceTon?: number;

  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(0)
  @Max(18)
  sourceNpi?: number;

  /** Requests that may wait for their answer at once. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_000)
  windowSize: number = 10;

  /**
   * How receipts write the ids that texts were accepted under: `same`; `decimal`, where they were hexadecimal;
   * `hexadecimal`, where they were decimal. `any` tries all three, the same one first: name the right one where the
   * centre counts its messages from a small number, so that no two are taken for each other.
   */
  @IsIn(RECEIPT_ID_FORMATS)
  receiptIds: ReceiptIdFormat = 'any';

  /** One connection for both ways, or one each for centres that know no `bind_transceiver`. */
  @IsIn(SMPP_BINDS)
  bind: SmppBind = 'transceiver';

  /** The centre's own alphabet, which texts that fit into it are sent in; all others are sent in UCS-2. */
  @IsIn(SMPP_ALPHABETS)
  alphabet: SmppAlphabet = 'gsm7';
}

/** Any gateway with an HTTP API. */
export class HttpSmsSettings extends SmsProviderBlock {
  @IsIn(['http'])
  override type: 'http';

  @IsOptional()
  @IsString()
  override from?: string;

  @IsIn(['GET', 'POST', 'PUT'])
  method: 'GET' | 'POST' | 'PUT' = 'POST';

  /** A template, like `body`, after the host; what it fills in is escaped for a URL. */
  @IsString()
  @Matches(/^https?:\/\//, { message: 'must be an http: or https: address' })
  url: string;

  /**
   * Templates like `body`; what they fill in is percent-encoded beyond printable ASCII. `content-type` is none, and
   * says how `body` is escaped; unset: what `body` looks like.
   */
  @IsObject()
  headers: Record<string, string> = {};

  /**
   * A template in Liquid over `to`, `from`, `text`, `deliveryId`, `reference`, `statusUrl`, `encoding` and `segments`.
   * What it fills in is escaped for JSON, a form or XML; texts stand between quotes in JSON.
   */
  @IsOptional()
  @IsString()
  body?: string;

  /** Where the answer, as JSON, has the message's id: `messages[0].id`; unset: `reference` is its id. */
  @IsOptional()
  @IsString()
  idPath?: string;

  /** Where an answer in plain text has it: `OK: {id}`. `{*}` stands for any characters on its line. */
  @IsOptional()
  @IsTextPattern('id')
  idPattern?: string;

  /** A condition in CEL over `status`, `headers`, `json` and `text` of the answer; unset: any 2xx. */
  @IsOptional()
  @IsString()
  successWhen?: string;

  /** What answers mean; the first row whose condition holds decides, before `successWhen` and the status. */
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => HttpOutcomeSettings)
  outcomes: HttpOutcomeSettings[] = [];

  /** Where an answer that is no success has the vendor's code, which the ledger shows: in JSON, or as `ERR: {code}`. */
  @IsOptional()
  @IsPath()
  codePath?: string;

  @IsOptional()
  @IsTextPattern('code')
  codePattern?: string;

  @ValidateNested()
  @Type(() => HttpReportSettings)
  report: HttpReportSettings = new HttpReportSettings();

  @ValidateNested()
  @Type(() => HttpReplySettings)
  reply: HttpReplySettings = new HttpReplySettings();

  /** What callbacks are answered with, in plain text, where the vendor wants a certain word. */
  @IsString()
  @MaxLength(256)
  callbackAnswer: string = '';
}

export const SMS_PROVIDER_TYPES = {
  sandbox: SandboxSmsSettings,
  twilio: TwilioSettings,
  vonage: VonageSettings,
  aws: AwsSettings,
  plivo: PlivoSettings,
  telnyx: TelnyxSettings,
  messagebird: MessageBirdSettings,
  infobip: InfobipSettings,
  sinch: SinchSettings,
  smpp: SmppSettings,
  http: HttpSmsSettings,
} as const;
export type SmsProviderSettings = InstanceType<(typeof SMS_PROVIDER_TYPES)[keyof typeof SMS_PROVIDER_TYPES]>;
