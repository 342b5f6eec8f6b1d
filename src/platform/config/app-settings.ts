import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ClientLimitSettings } from './client-limit-settings.js';
import { CometChatSettings } from './cometchat-settings.js';
import { ProviderBlocks, PUSH_PROVIDER_TYPES, type PushProviderSettings } from './provider-settings.js';
import { PushPresentationSettings } from './push-presentation-settings.js';
import { RuleSettings } from './rule-settings.js';
import { BooleanSetting } from './settings.decorators.js';
import { SmsSettings } from './sms-settings.js';

export class BasicAuthSettings {
  @Matches(/^[^:]+$/, { message: 'must be a name without a colon' })
  username: string;

  @IsString()
  @MinLength(1)
  password: string;
}

/** An HMAC over the raw body, for accounts whose webhooks carry one. */
export class SignatureSettings {
  @Matches(/^[A-Za-z0-9-]+$/, { message: 'must be the name of a header' })
  header: string = 'x-cometchat-signature';

  @IsIn(['sha256', 'sha512'])
  algorithm: 'sha256' | 'sha512' = 'sha256';

  @IsIn(['hex', 'base64'])
  encoding: 'hex' | 'base64' = 'hex';

  @IsString()
  @MinLength(1)
  secret: string;
}

/** How CometChat proves who it is: Basic Auth, a signature, or both. */
export class WebhookSettings {
  /** Several pairs, so that a password can be changed without losing a webhook. */
  @ValidateIf(
    (webhook: WebhookSettings) => webhook.signature === undefined || webhook.basicAuth !== undefined,
  )
  @IsDefined({ message: 'is required, unless signature is set' })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => BasicAuthSettings)
  basicAuth?: BasicAuthSettings[];

  @IsOptional()
  @ValidateNested()
  @Type(() => SignatureSettings)
  signature?: SignatureSettings;
}

/** The JSON Web Tokens with which an app's clients speak for themselves. */
export class JwtSettings {
  /** The shared secret of HS256. */
  @ValidateIf((jwt: JwtSettings) => jwt.jwksUrl === undefined || jwt.secret !== undefined)
  @IsDefined({ message: 'is required, unless jwksUrl is set' })
  @IsString()
  @MinLength(16)
  secret?: string;

  /** Where the public keys of RS256, ES256 or EdDSA are fetched. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  jwksUrl?: string;

  @IsOptional()
  @IsString()
  issuer?: string;

  @IsOptional()
  @IsString()
  audience?: string;

  /** The claim that names the person. */
  @IsString()
  uidClaim: string = 'sub';

  /** The claim that names the login on one phone. */
  @IsString()
  sessionClaim: string = 'sid';
}

/** Who may register devices and read the ledger of this app. */
export class ClientSettings {
  /** Keys of the app's backend; each may be written as `sha256:<hex of its hash>`. */
  @IsArray()
  @IsString({ each: true })
  @MinLength(8, { each: true })
  apiKeys: string[] = [];

  @IsOptional()
  @ValidateNested()
  @Type(() => JwtSettings)
  jwt?: JwtSettings;

  /** Whether CometChat auth tokens are taken as client credentials, each checked with CometChat (`cometchat`). */
  @BooleanSetting()
  @IsBoolean()
  cometchatAuthToken: boolean = false;

  /** Whether clients may set their own phone number under `/v1/me/contact`. */
  @BooleanSetting()
  @IsBoolean()
  mayChangeContact: boolean = false;

  @ValidateNested()
  @Type(() => ClientLimitSettings)
  limits: ClientLimitSettings = new ClientLimitSettings();

  /** Web pages whose scripts may call the client routes (CORS): their origins, as a browser sends them. */
  @IsArray()
  @Matches(/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@A-Z]+$/, {
    each: true,
    message: 'must be origins such as https://app.example.com, in lower case and without a path',
  })
  allowedOrigins: string[] = [];
}

/** The providers of pushes, and what the pushes look like. */
export class PushSettings extends PushPresentationSettings {
  @IsArray()
  @ProviderBlocks(PUSH_PROVIDER_TYPES)
  providers: PushProviderSettings[] = [];
}

/** One CometChat app. */
export class AppSettings {
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'must be 1 to 64 letters, digits, - or _' })
  appId: string;

  /** CometChat's region of the app. */
  @IsIn(['us', 'eu', 'in'])
  region: 'us' | 'eu' | 'in';

  @IsDefined({ message: 'is required' })
  @ValidateNested()
  @Type(() => WebhookSettings)
  webhook: WebhookSettings;

  @ValidateNested()
  @Type(() => ClientSettings)
  clients: ClientSettings = new ClientSettings();

  @ValidateNested()
  @Type(() => CometChatSettings)
  cometchat: CometChatSettings = new CometChatSettings();

  @ValidateNested()
  @Type(() => PushSettings)
  push: PushSettings = new PushSettings();

  @ValidateNested()
  @Type(() => SmsSettings)
  sms: SmsSettings = new SmsSettings();

  /** Does everything but the last call to a vendor, and says in the ledger what it would have sent. */
  @BooleanSetting()
  @IsBoolean()
  dryRun: boolean = false;

  /** What is filtered, delayed or changed before it is delivered. */
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => RuleSettings)
  rules: RuleSettings[] = [];
}
