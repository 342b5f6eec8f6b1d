import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsLocale,
  IsObject,
  IsOptional,
  IsTimeZone,
  Matches,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { PLATFORMS, type Platform } from './platforms.js';
import { SESSION_ID } from '../../platform/auth/session-id.js';

const TOKEN = /^[^\s\p{Cc}\p{Cs}]{1,4096}$/u;
const TOKEN_PROBLEM = 'must be a string of 1 to 4,096 characters without white space or control characters';

/** The registration rules, as described on the API page. */
export const REGISTER_RULES =
  'A token belongs to the user who registered it last, and is the only one of its kind in its session: ' +
  'registering another one there replaces it. A user has at most 100 tokens; the oldest is removed.';

/** A push token of any kind. */
export function TokenField(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, maxLength: 4_096, description }),
    IsOptional(),
    Matches(TOKEN, { message: TOKEN_PROBLEM }),
  );
}

function isHttpsUrl(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    TOKEN.test(value) &&
    URL.canParse(value) &&
    new URL(value).protocol === 'https:'
  );
}

function IsHttpsUrl(): PropertyDecorator {
  const options = { message: 'must be an https URL of up to 4,096 characters' };
  return ValidateBy({ name: 'isHttpsUrl', validator: { validate: isHttpsUrl } }, options);
}

class SubscriptionKeysDto {
  @ApiProperty({ description: 'The browser’s public key, in base64url.' })
  @Matches(/^[A-Za-z0-9+/_-]{1,200}={0,2}$/, { message: 'must be base64url' })
  p256dh: string;

  @ApiProperty({ description: 'The authentication secret, in base64url.' })
  @Matches(/^[A-Za-z0-9+/_-]{1,200}={0,2}$/, { message: 'must be base64url' })
  auth: string;
}

/** A browser's `PushSubscription`, as its `toJSON()` gives it. */
class SubscriptionDto {
  @ApiProperty({ format: 'uri', example: 'https://fcm.googleapis.com/fcm/send/abc' })
  @IsHttpsUrl()
  endpoint: string;

  @ApiProperty({ type: SubscriptionKeysDto })
  @IsObject({ message: 'must be an object with p256dh and auth' })
  @ValidateNested()
  @Type(() => SubscriptionKeysDto)
  keys: SubscriptionKeysDto;
}

/** A device, as described by its client. Null means absent; unknown fields are ignored. */
export class RegistrationDto {
  @ApiProperty({
    enum: PLATFORMS,
    description:
      'In CometChat’s spelling, in any case; `web_push` for a browser, `expo` for a token of Expo’s push service, ' +
      '`hms_android` for a Huawei token.',
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @IsIn(PLATFORMS, { message: `must be one of ${PLATFORMS.join(', ')}` })
  platform: Platform;

  @TokenField('The token, for the platforms fcm_…')
  fcmToken?: string | null;

  @TokenField('The token as hex, for the platforms apns_…_device.')
  deviceToken?: string | null;

  @TokenField('The token as hex, for the platforms apns_…_voip.')
  voipToken?: string | null;

  @TokenField('The token, for any platform but web_push; the only field for expo and hms_android.')
  pushToken?: string | null;

  @ApiPropertyOptional({ type: SubscriptionDto, description: 'The subscription, for web_push.' })
  @IsOptional()
  @IsObject({ message: 'must be the JSON of a PushSubscription' })
  @ValidateNested()
  @Type(() => SubscriptionDto)
  subscription?: SubscriptionDto | null;

  @ApiPropertyOptional({
    type: String,
    default: 'default',
    description: 'The push provider that serves this device.',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'must be 1 to 64 letters, digits, - or _' })
  providerId?: string | null;

  @ApiPropertyOptional({ type: String, example: 'Asia/Kolkata', description: 'IANA time zone.' })
  @IsOptional()
  @Matches(/^[A-Za-z]/, { message: 'must be the name of a time zone' })
  @IsTimeZone({ message: 'must be an IANA time zone' })
  timezone?: string | null;

  @ApiPropertyOptional({ type: String, example: 'en-IN', description: 'BCP 47 language tag.' })
  @IsOptional()
  @IsLocale({ message: 'must be a BCP 47 language tag' })
  @Matches(/^.{1,64}$/s, { message: 'must be no longer than 64 characters' })
  locale?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IsOptional()
  @Matches(/^[^\p{Cc}\p{Cs}]{1,64}$/u, { message: 'must be a string of 1 to 64 characters' })
  appVersion?: string | null;

  @ApiPropertyOptional({
    enum: ['production', 'sandbox'],
    description: 'APNs only: where the token was issued.',
  })
  @IsOptional()
  @IsIn(['production', 'sandbox'], { message: 'must be production or sandbox' })
  environment?: 'production' | 'sandbox' | null;
}

/** A user's device, as described by a backend, which may name its session in one of two ways. */
export class BackendRegistrationDto extends RegistrationDto {
  @TokenField('The CometChat auth token of the session; only its hash is stored.')
  authToken?: string | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    description: 'Name of the session, instead of its auth token.',
  })
  @IsOptional()
  @Matches(SESSION_ID, { message: 'must be a string of 1 to 200 characters' })
  sessionId?: string | null;
}

/** Selects the tokens that a client unregisters; by default those of its session. */
export class UnregisterQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Every token of the user.',
  })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  all?: 'true' | 'false';

  @TokenField('One token; for Web Push the endpoint.')
  pushToken?: string;
}

/** Selects the tokens that a backend unregisters for a user, by exactly one of these fields. */
export class BackendUnregisterQueryDto extends UnregisterQueryDto {
  @TokenField('The tokens of the session of this CometChat auth token.')
  authToken?: string;

  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'The tokens of this session.' })
  @IsOptional()
  @Matches(SESSION_ID, { message: 'must be a string of 1 to 200 characters' })
  sessionId?: string;
}
