import { plainToInstance, Transform } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { NumberSetting } from './settings.decorators.js';

export const URL_OPTIONS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** What every provider block has. */
export abstract class ProviderSettings {
  /** The name by which devices, routes and the ledger mean this provider. */
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'must be 1 to 64 letters, digits, - or _' })
  id: string;

  @IsString()
  type: string;

  /** Scheme, host and port to call in place of the vendor's own. */
  @IsOptional()
  @IsUrl(URL_OPTIONS)
  endpoint?: string;

  /** The certificate authority that `endpoint` is trusted by, as PEM; `caFile` reads it from a file. */
  @IsOptional()
  @IsString()
  ca?: string;

  /** How long the vendor may take to answer one request, in milliseconds. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(100)
  @Max(60_000)
  requestTimeoutMs: number = 10_000;
}

/** What every push provider block has beside that. */
export abstract class PushProviderBlock extends ProviderSettings {
  /** A vendor that is slow has taken the push all the same, and would be given it again. */
  override requestTimeoutMs = 15_000;
}

/** Delivers nowhere: keeps what it was given and shows it at `/sandbox/messages`. */
export class SandboxPushSettings extends PushProviderBlock {
  @IsIn(['sandbox'])
  override type: 'sandbox';
}

/** Firebase Cloud Messaging, HTTP v1. */
export class FcmSettings extends PushProviderBlock {
  @IsIn(['fcm'])
  override type: 'fcm';

  /** The service account's JSON, as Firebase hands it out; unset: the machine's own credentials. */
  @IsOptional()
  @IsString()
  serviceAccount?: string;

  /** Where access tokens are fetched in place of Google's own token endpoint. */
  @IsOptional()
  @IsUrl(URL_OPTIONS)
  tokenEndpoint?: string;

  /** The Firebase project; unset: the service account's own. */
  @IsOptional()
  @IsString()
  projectId?: string;
}

/** Apple Push Notification service, by token. Two blocks may share an id, one for each environment. */
export class ApnsSettings extends PushProviderBlock {
  @IsIn(['apns'])
  override type: 'apns';

  /** The signing key (.p8) as PEM; `keyFile` reads it from a file. */
  @IsString()
  key: string;

  @Matches(/^[A-Za-z0-9]{1,64}$/, { message: 'must be the id of a signing key' })
  keyId: string;

  @Matches(/^[A-Za-z0-9]{1,64}$/, { message: 'must be the id of a team' })
  teamId: string;

  /** The app's; its VoIP pushes go to `<bundleId>.voip`. */
  @Matches(/^[A-Za-z0-9.-]{1,155}$/, { message: 'must be a bundle id' })
  bundleId: string;

  /** Where the tokens of its devices were issued: `sandbox` for apps that Xcode installed. */
  @IsIn(['production', 'sandbox'])
  environment: 'production' | 'sandbox' = 'production';
}

/** Web Push (RFC 8030) with VAPID (RFC 8292). */
export class WebPushSettings extends PushProviderBlock {
  @IsIn(['webpush'])
  override type: 'webpush';

  /** The VAPID key pair in base64url, as `web-push generate-vapid-keys` prints it. */
  @Matches(/^[A-Za-z0-9_-]{87}=?$/, { message: 'must be 65 bytes in base64url' })
  publicKey: string;

  @Matches(/^[A-Za-z0-9_-]{43}=?$/, { message: 'must be 32 bytes in base64url' })
  privateKey: string;

  /** How a push service reaches the operator. */
  @Matches(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, { message: 'must be a mailto: or https: address' })
  subject: string;

  /** Origins of push services beside those of the well-known browsers. */
  @IsArray()
  @Matches(/^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, {
    each: true,
    message: 'must be origins, such as https://push.example.com',
  })
  allowedEndpoints: string[] = [];
}

/** Expo's push service, which hands over to FCM and APNs. */
export class ExpoSettings extends PushProviderBlock {
  @IsIn(['expo'])
  override type: 'expo';

  /** Needed where the Expo project has enhanced security for pushes. */
  @IsOptional()
  @IsString()
  accessToken?: string;
}

/** Huawei Push Kit. */
export class HmsSettings extends PushProviderBlock {
  @IsIn(['hms'])
  override type: 'hms';

  @Matches(/^\d{1,32}$/, { message: 'must be the number of an app' })
  appId: string;

  @IsString()
  appSecret: string;

  /** Where access tokens are fetched in place of Huawei's own token endpoint. */
  @IsOptional()
  @IsUrl(URL_OPTIONS)
  tokenEndpoint?: string;
}

export const PUSH_PROVIDER_TYPES = {
  sandbox: SandboxPushSettings,
  fcm: FcmSettings,
  apns: ApnsSettings,
  webpush: WebPushSettings,
  expo: ExpoSettings,
  hms: HmsSettings,
} as const;
export type PushProviderSettings = InstanceType<
  (typeof PUSH_PROVIDER_TYPES)[keyof typeof PUSH_PROVIDER_TYPES]
>;

/** Reads a list of provider blocks, each as the class that its `type` names. */
export function ProviderBlocks(types: Readonly<Record<string, new () => object>>): PropertyDecorator {
  const names = Object.keys(types);
  /** A block of a type that nobody knows: that is its only fault, whatever its other keys. */
  class UnknownBlock {
    @IsIn(names)
    type: unknown;
  }
  const read = (block: unknown): unknown => {
    if (typeof block !== 'object' || block === null || Array.isArray(block)) return block;
    const type = 'type' in block ? block.type : undefined;
    const known = typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined;
    return known ? plainToInstance(known, block) : Object.assign(new UnknownBlock(), { type });
  };
  const transform = Transform(({ value }: { value: unknown }) =>
    Array.isArray(value) ? value.map(read) : value,
  );
  const nested = ValidateNested({ each: true });
  return (target, property) => {
    transform(target, property);
    nested(target, property);
  };
}
