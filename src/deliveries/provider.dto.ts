import { ApiProperty } from '@nestjs/swagger';
import { CHANNELS, type Channel } from '../domain/notification.js';
import { ATTEMPT_OUTCOMES } from '../domain/outcome.js';

class BalanceDto {
  @ApiProperty({ example: '12.50' })
  amount: string;
  @ApiProperty({ type: String, nullable: true, example: 'USD' })
  currency: string | null;
}

export class ProviderCheckDto {
  @ApiProperty({
    enum: ['ok', 'failed', 'unknown'],
    description: '`unknown`: the vendor did not decide, or the account cannot be checked.',
  })
  outcome: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The vendor’s code, or that of the connection error.',
  })
  code: string | null;
  @ApiProperty({ example: 'The account is active; its balance is 12.50 USD.' })
  text: string;
  @ApiProperty({ type: String, nullable: true, description: 'What to do.' })
  fix: string | null;
  @ApiProperty({ type: String, format: 'uri', nullable: true, description: 'The vendor’s page about it.' })
  link: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  checkedAt: Date;
  @ApiProperty({ description: 'Consecutive failed checks.' })
  failures: number;
  @ApiProperty({ type: BalanceDto, nullable: true })
  balance: BalanceDto | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The vendor’s clock minus ours, in milliseconds.',
  })
  clockSkewMs: number | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the first certificate of `caFile` expires.',
  })
  caExpiresAt: Date | null;
}

class BreakerDto {
  @ApiProperty({
    example: 'default:fcm',
    description: 'The account, with the kind of device or the country.',
  })
  account: string;
  @ApiProperty({ enum: ['open', 'paused'] })
  state: string;
  @ApiProperty({ description: 'Milliseconds until a delivery probes the account.' })
  probeInMs: number;
  @ApiProperty({ description: 'Consecutive failures.' })
  failures: number;
}

class CodeCountDto {
  @ApiProperty({ example: 'unavailable' })
  outcome: string;
  @ApiProperty({ type: String, nullable: true, example: 'UNAVAILABLE' })
  code: string | null;
  @ApiProperty()
  attempts: number;
  @ApiProperty({ type: String, format: 'date-time' })
  lastAt: Date;
}

class OutcomeShareDto {
  @ApiProperty({ enum: ATTEMPT_OUTCOMES })
  outcome: string;
  @ApiProperty()
  attempts: number;
  @ApiProperty({ description: 'Part of all attempts.', minimum: 0, maximum: 1, example: 0.985 })
  share: number;
}

class AttemptSumsDto {
  @ApiProperty()
  attempts: number;
  @ApiProperty({ type: [OutcomeShareDto], description: 'The most frequent first.' })
  outcomes: readonly OutcomeShareDto[];
  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'Seconds that 95 % of the attempts took at most, estimated from buckets; the largest value is 30. Null without attempts.',
  })
  p95Seconds: number | null;
}

class ServedDevicesDto {
  @ApiProperty({ example: 1200 })
  count: number;
  @ApiProperty({
    description: 'Counted in a sample of a large table and rounded to two digits; few devices may be missed.',
  })
  isEstimate: boolean;
}

class CallbacksDto {
  @ApiProperty({
    type: String,
    format: 'uri',
    nullable: true,
    description: 'For delivery reports, without the secret; null without `PUBLIC_URL`.',
  })
  statusUrl: string | null;
  @ApiProperty({
    type: String,
    format: 'uri',
    nullable: true,
    description: 'For SMS from users; null also if the vendor forwards none.',
  })
  inboundUrl: string | null;
  @ApiProperty({
    enum: ['signature', 'secret', 'none'],
    description: '`secret`: the address needs `?secret=…`; `none`: every callback is refused.',
  })
  verifiedBy: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a callback was last accepted, to ten seconds; null: never.',
  })
  lastAt: Date | null;
}

class AccountDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ enum: CHANNELS })
  channel: Channel;
  @ApiProperty({ example: 'default' })
  id: string;
}

export class ProviderDto extends AccountDto {
  @ApiProperty({ example: 'apns' })
  type: string;
  @ApiProperty({ type: String, nullable: true, enum: ['production', 'sandbox'], description: 'Of APNs.' })
  environment: string | null;
  @ApiProperty({
    enum: ['closed', 'paused', 'open'],
    description: 'Circuit breaker: `paused` while the vendor asks for it, `open` while the account fails.',
  })
  state: string;
  @ApiProperty({ type: [BreakerDto], description: 'Circuit breakers that are not closed.' })
  breakers: BreakerDto[];
  @ApiProperty({
    type: ProviderCheckDto,
    nullable: true,
    description: 'The last check; null before the first.',
  })
  check: ProviderCheckDto | null;
  @ApiProperty({
    type: [CodeCountDto],
    description: 'The vendor’s answers to the last attempts of all apps.',
  })
  codes: CodeCountDto[];
  @ApiProperty({ type: AttemptSumsDto, description: 'Attempts of the last 60 minutes.' })
  lastHour: AttemptSumsDto;
  @ApiProperty({
    type: AttemptSumsDto,
    description: 'Attempts of the last 24 clock hours, the current one included.',
  })
  lastDay: AttemptSumsDto;
  @ApiProperty({
    type: ServedDevicesDto,
    nullable: true,
    description: 'Devices in use that it serves; null for SMS.',
  })
  devices: ServedDevicesDto | null;
  @ApiProperty({
    type: CallbacksDto,
    nullable: true,
    description: 'Callback addresses; null if its vendor does not call back.',
  })
  callbacks: CallbacksDto | null;
}

export class ProviderListDto {
  @ApiProperty({ type: [ProviderDto] })
  data: ProviderDto[];
}

export class CheckedProviderDto extends AccountDto {
  @ApiProperty({
    enum: ['ok', 'failed', 'unknown'],
    nullable: true,
    description: 'The worst outcome of its accounts; null while a check is pending.',
  })
  outcome: string | null;
  @ApiProperty({
    description: 'No worker finished the check in time; `accounts` has the results of an earlier one.',
  })
  isPending: boolean;
  @ApiProperty({ type: [ProviderDto], description: 'Several accounts may share an id.' })
  accounts: ProviderDto[];
}

export class ReleasedProviderDto extends AccountDto {
  @ApiProperty({ enum: ['closed'], description: 'State of its circuit breaker.' })
  state: 'closed';
  @ApiProperty({ type: String, format: 'date-time' })
  releasedAt: Date;
}
