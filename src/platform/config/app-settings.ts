import { ApiKeysSetting, type ApiKeySettings } from './api-key-settings.js';
import { ClientLimitSettings } from './client-limit-settings.js';
import { CometChatSettings } from './cometchat-settings.js';
import { ProvidersSetting, type PushProviderSettings } from './provider-settings.js';
import { PushPresentationSettings } from './push-presentation-settings.js';
import { RULES_EXAMPLE, RuleSettings } from './rule-settings.js';
import {
  BlockSetting,
  BlocksSetting,
  BooleanSetting,
  ChoiceSetting,
  SecretSetting,
  TextSetting,
  TextsSetting,
  UrlSetting,
} from './settings.decorators.js';
import { SmsSettings } from './sms-settings.js';

export class BasicAuthSettings {
  @TextSetting({
    description: 'User name.',
    pattern: [/^[^:]+$/, 'a name without a colon'],
    example: 'cometchat',
  })
  username: string;

  @SecretSetting({ description: 'Password.', minLength: 1, example: '${WEBHOOK_PASSWORD}' })
  password: string;
}

export class SignatureSettings {
  @TextSetting({
    description: 'Header that carries the signature.',
    pattern: [/^[A-Za-z0-9-]+$/, 'the name of a header'],
  })
  header: string = 'x-cometchat-signature';

  @ChoiceSetting(['sha256', 'sha512'], { description: 'Hash function of the HMAC.' })
  algorithm: 'sha256' | 'sha512' = 'sha256';

  @ChoiceSetting(['hex', 'base64'], { description: 'Encoding of the signature.' })
  encoding: 'hex' | 'base64' = 'hex';

  @SecretSetting({ description: 'Key of the HMAC.', minLength: 1, example: '${WEBHOOK_SECRET}' })
  secret: string;
}

export class WebhookSettings {
  @BlocksSetting(() => BasicAuthSettings, {
    description:
      'Credentials that CometChat may use. To change a password without losing a webhook, add the new pair here, change it in CometChat, then remove the old pair.',
    requiredUnless: 'signature',
    minItems: 1,
  })
  basicAuth?: BasicAuthSettings[];

  @BlockSetting(() => SignatureSettings, {
    description:
      "HMAC over the raw body, beside or instead of Basic Auth. CometChat's documentation defines none.",
    unset: 'no signature is checked',
  })
  signature?: SignatureSettings;
}

export class JwtSettings {
  @SecretSetting({
    description: 'Shared secret of HS256.',
    requiredUnless: 'jwksUrl',
    minLength: 16,
    example: '${JWT_SECRET}',
  })
  secret?: string;

  @UrlSetting({
    description: 'Address of the public keys of RS256, ES256 or EdDSA.',
    unset: 'only `secret` is used',
    example: 'https://auth.example.com/.well-known/jwks.json',
  })
  jwksUrl?: string;

  @TextSetting({
    description: 'Issuer (`iss`) that a token must have.',
    unset: 'not checked',
    example: 'https://auth.example.com',
  })
  issuer?: string;

  @TextSetting({
    description: 'Audience (`aud`) that a token must have.',
    unset: 'not checked',
    example: 'bellhop',
  })
  audience?: string;

  @TextSetting({ description: 'Claim with the uid of the user.' })
  uidClaim: string = 'sub';

  @TextSetting({
    description:
      'Claim with the session: the login on one device. Unregistering ends all tokens of a session.',
  })
  sessionClaim: string = 'sid';
}

export class ClientSettings {
  @ApiKeysSetting({
    description:
      "Keys of the app's backend: strings, plain or as `sha256:<hex of the hash>`, which allow everything, or mappings. See [API keys](access.md#api-keys).",
    example: ['${BACKEND_API_KEY}'],
  })
  apiKeys: (string | ApiKeySettings)[] = [];

  @BlockSetting(() => JwtSettings, {
    description: "JSON Web Tokens with which the app's clients identify themselves.",
    unset: 'none are accepted',
  })
  jwt?: JwtSettings;

  @BooleanSetting({
    description: 'Whether CometChat auth tokens are accepted as client credentials; CometChat confirms each.',
  })
  cometchatAuthToken: boolean = false;

  @BooleanSetting({
    description: 'Whether clients may set their own phone number under `/v1/me/contact`.',
  })
  mayChangeContact: boolean = false;

  @BlockSetting(() => ClientLimitSettings, {
    description: 'Limits of the client routes. The rates are counted in each process.',
  })
  limits: ClientLimitSettings = new ClientLimitSettings();

  @TextsSetting({
    description: 'Origins of web pages whose scripts may call the client routes (CORS).',
    pattern: [
      /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@A-Z]+$/,
      'origins such as https://app.example.com, in lower case and without a path',
    ],
  })
  allowedOrigins: string[] = [];
}

/** The push providers, and the form of the pushes. */
export class PushSettings extends PushPresentationSettings {
  @ProvidersSetting('push', {
    description: 'Vendors of pushes. See [push providers](#push-providers).',
  })
  providers: PushProviderSettings[] = [];
}

/** One CometChat app. */
export class AppSettings {
  @TextSetting({
    description: "The app's id, as CometChat's dashboard shows it.",
    pattern: [/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, - or _'],
    example: 'app123',
  })
  appId: string;

  @ChoiceSetting(['us', 'eu', 'in'], { description: 'CometChat region of the app.', example: 'us' })
  region: 'us' | 'eu' | 'in';

  @BlockSetting(() => WebhookSettings, {
    description: 'Credentials with which CometChat proves its identity: Basic Auth, a signature, or both.',
  })
  webhook: WebhookSettings;

  @BlockSetting(() => ClientSettings, {
    description: 'Clients and backends that may register devices and read the ledger.',
  })
  clients: ClientSettings = new ClientSettings();

  @BlockSetting(() => CometChatSettings, {
    description: 'Connection to CometChat, which confirms auth tokens and knows phone numbers.',
  })
  cometchat: CometChatSettings = new CometChatSettings();

  @BlockSetting(() => PushSettings, { description: 'Push providers and the form of the pushes.' })
  push: PushSettings = new PushSettings();

  @BlockSetting(() => SmsSettings, { description: 'SMS. See [SMS](sms.md).' })
  sms: SmsSettings = new SmsSettings();

  @BooleanSetting({
    description:
      'Whether everything but the call to the vendor is done; the ledger then shows the message that would have been sent.',
  })
  dryRun: boolean = false;

  @BlocksSetting(() => RuleSettings, {
    description:
      'Rules that filter, delay or change notifications before delivery. They apply in order, and each sees the changes of those before it. See [rules](rules.md).',
    maxItems: 200,
    example: RULES_EXAMPLE,
  })
  rules: RuleSettings[] = [];
}
