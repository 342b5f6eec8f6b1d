import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { CHANNELS, NOTIFICATION_KINDS } from '../../domain/notification.js';
import { Audited } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { isViewer } from '../../platform/auth/is-viewer.js';
import { ApiErrors } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { maskedMessage } from './masked-message.js';
import { SANDBOX_CAPACITY, SandboxMailboxRepository } from './sandbox-mailbox.repository.js';

class SandboxQueryDto {
  @ApiProperty({ required: false, minimum: 1, maximum: SANDBOX_CAPACITY, default: 100 })
  @Transform(({ value }: { value: unknown }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(SANDBOX_CAPACITY)
  limit: number = 100;
}

class SandboxMessageDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: String, format: 'date-time' })
  at: Date;
  @ApiProperty()
  appId: string;
  @ApiProperty()
  uid: string;
  @ApiProperty({ enum: CHANNELS })
  channel: string;
  @ApiProperty({ enum: NOTIFICATION_KINDS })
  kind: string;
  @ApiProperty()
  provider: string;
  @ApiProperty()
  to: string;
  @ApiProperty({ enum: ['accepted', 'refused', 'unavailable', 'over_quota'] })
  outcome: string;
  @ApiProperty({ type: Object, description: 'As it would have been sent.' })
  message: unknown;
}

class SandboxPageDto {
  @ApiProperty({ type: [SandboxMessageDto] })
  data: SandboxMessageDto[];
}

class ClearedDto {
  @ApiProperty()
  deleted: number;
}

/** Messages given to sandbox providers: the whole flow without a vendor account. */
@ApiTags('sandbox')
@ApiBasicAuth('operator')
@Controller('sandbox/messages')
export class SandboxController {
  constructor(private readonly mailbox: SandboxMailboxRepository) {}

  @Get()
  @AllowAccess('operator-or-demo')
  @ApiErrors('REQUEST.INVALID_QUERY')
  @ApiOperation({ summary: 'List the messages given to sandbox providers, newest first' })
  @ApiOkResponse({ type: SandboxPageDto })
  async list(
    @Query(new Validated(SandboxQueryDto, 'REQUEST.INVALID_QUERY')) { limit }: SandboxQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<SandboxPageDto> {
    const data = await this.mailbox.list(limit);
    return { data: isViewer(caller) ? data.map(maskedMessage) : data };
  }

  @Delete()
  @AllowAccess('operator-or-demo')
  @Audited('sandbox.empty')
  @ApiOperation({ summary: 'Delete all sandbox messages' })
  @ApiOkResponse({ type: ClearedDto })
  async clear(): Promise<ClearedDto> {
    return { deleted: await this.mailbox.clear() };
  }
}
