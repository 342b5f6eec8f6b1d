import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches, IsString, MaxLength } from 'class-validator';
import { CHANNELS } from '../../domain/notification.js';
import { LOG_REASONS, type LogRow } from '../../platform/cometchat/notification-log.js';
import { ExplanationDto } from '../../notifications/story/story.dto.js';
import { explainInquiry } from './explain-inquiry.js';
import { ASKED } from './failure.js';
import type { ComparedProvider, Findings } from './findings.js';
import { explainRow } from './log-explanations.js';
import { problemOfBuiltIn, shownUrl } from '../../platform/cometchat/provider-problems.js';

export class InquiryQueryDto {
  @ApiProperty({ required: false, description: 'For the operator, if several apps are configured.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  appId?: string;

  @ApiProperty({ required: false, description: 'The user who should have been notified.' })
  @IsOptional()
  @Matches(/^[^\s\p{Cc}\p{Cs}]{1,100}$/u, {
    message: 'must be 1 to 100 characters without white space or control characters',
  })
  uid?: string;

  @ApiProperty({
    required: false,
    example: '3939',
    description: 'CometChat’s id of the message, which pushes carry as `tag`.',
  })
  @IsOptional()
  @Matches(/^\d{1,19}$/, { message: 'must be the id of a message: 1 to 19 digits' })
  messageId?: string;
}

export const LOG_STATUSES = ['sent', 'failed', 'skipped'] as const;

export class CometChatLogDto {
  @ApiProperty({ type: String, nullable: true, description: 'CometChat’s id of the row.' })
  id: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  at: Date | null;
  @ApiProperty({ type: String, nullable: true, example: 'push', description: '`push`, `sms` or `email`.' })
  channel: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'custom',
    description: '`custom`: the webhook; otherwise a provider of CometChat’s own, such as `fcm`.',
  })
  provider: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'after_message',
    description: 'CometChat’s trigger.',
  })
  event: string | null;
  @ApiProperty({ type: String, nullable: true })
  messageId: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The recipient.' })
  uid: string | null;
  @ApiProperty({
    enum: LOG_STATUSES,
    description: '`sent`: the provider was called; `failed`: it did not answer 200; `skipped`: not called.',
  })
  status: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: `CometChat’s reason. Documented are ${LOG_REASONS.map((reason) => `\`${reason}\``).join(', ')}.`,
  })
  reason: string | null;
  @ApiProperty({ description: 'The row in words.' })
  meaning: string;
  @ApiProperty({ type: String, nullable: true, description: 'What to do.' })
  fix: string | null;
  @ApiProperty({ format: 'uri' })
  link: string;
}

export class ProblemDto {
  @ApiProperty()
  text: string;
  @ApiProperty({ description: 'What to do.' })
  fix: string;
}

export class CustomProviderDto {
  @ApiProperty({ enum: CHANNELS })
  channel: string;
  @ApiProperty({ description: 'False if CometChat has no custom provider for the channel.' })
  isConfigured: boolean;
  @ApiProperty()
  isEnabled: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Without credentials and query.' })
  webhookUrl: string | null;
  @ApiProperty()
  usesBasicAuth: boolean;
  @ApiProperty({ type: [ProblemDto], description: 'Differences from what the gateway needs.' })
  problems: ProblemDto[];
}

export class BuiltInProviderDto extends ProblemDto {
  @ApiProperty({ enum: CHANNELS })
  channel: string;
  @ApiProperty({ enum: ['fcm', 'apns', 'twilio'] })
  type: string;
  @ApiProperty({ type: String, nullable: true, description: 'CometChat’s `providerId`.' })
  id: string | null;
}

export class ReceivedWebhooksDto {
  @ApiProperty({ description: 'Webhooks of the user or message in the ledger.' })
  count: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastAt: Date | null;
  @ApiProperty({ type: [String], description: 'The newest 20.' })
  notificationIds: string[];
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'The oldest notification that was examined, if the search stopped early; null if it is complete. At most 14 days are searched.',
  })
  scannedTo: Date | null;
}

export class FailureDto extends ProblemDto {
  @ApiProperty({ enum: ASKED })
  asked: string;
  @ApiProperty({ example: 'http_503' })
  code: string;
}

/** What CometChat's log and settings say of a user or a message, and what the ledger has. */
export class InquiryDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ type: String, nullable: true })
  uid: string | null;
  @ApiProperty({ type: String, nullable: true })
  messageId: string | null;
  @ApiProperty({
    type: [CometChatLogDto],
    description: 'Latest first, at most 40. Empty while logging is off in CometChat.',
  })
  logs: CometChatLogDto[];
  @ApiProperty({ description: 'Whether CometChat has more rows than these.' })
  hasMoreLogs: boolean;
  @ApiProperty({ type: [CustomProviderDto], description: 'Those that CometChat has shown.' })
  providers: CustomProviderDto[];
  @ApiProperty({ type: [BuiltInProviderDto], description: 'Providers that CometChat calls by itself.' })
  builtInProviders: BuiltInProviderDto[];
  @ApiProperty({ type: ReceivedWebhooksDto })
  webhooks: ReceivedWebhooksDto;
  @ApiProperty({ type: [FailureDto], description: 'What CometChat did not answer.' })
  failures: FailureDto[];
  @ApiProperty({ type: ExplanationDto })
  explanation: ExplanationDto;
}

export function toInquiryDto(findings: Findings): InquiryDto {
  const { subject, log, providers, builtIn, received, failures } = findings;
  const { count, lastAt, ids, oldest, newest, isComplete } = received;
  return {
    ...subject,
    logs: log?.rows.map(toLogDto) ?? [],
    hasMoreLogs: log?.hasMore ?? false,
    providers: providers.map(toProviderDto),
    builtInProviders: builtIn.map((provider) => {
      const { text, fix } = problemOfBuiltIn(provider);
      return { ...provider, text, fix };
    }),
    webhooks: {
      ...{ count, lastAt, notificationIds: ids },
      scannedTo: isComplete ? null : (oldest ?? newest),
    },
    failures: [...failures],
    explanation: explainInquiry(findings),
  };
}

function toLogDto(row: LogRow): CometChatLogDto {
  const { id, at, channel, provider, event, messageId, uid, reason } = row;
  const status = !row.isTriggered ? 'skipped' : row.isSuccess === false ? 'failed' : 'sent';
  return { id, at, channel, provider, event, messageId, uid, status, reason, ...explainRow(row) };
}

function toProviderDto({ channel, provider, problems }: ComparedProvider): CustomProviderDto {
  return {
    channel,
    isConfigured: provider !== undefined,
    isEnabled: provider?.isEnabled ?? false,
    webhookUrl: provider ? shownUrl(provider.webhookUrl) : null,
    usesBasicAuth: provider?.usesBasicAuth ?? false,
    problems: problems.map(({ text, fix }) => ({ text, fix })),
  };
}
