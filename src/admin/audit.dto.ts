import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { IsAppId } from '../platform/http/app-id.decorator.js';
import { ACTOR_KINDS, type ActorKind } from '../platform/audit/audit-entry.js';
import { IsMoment } from '../platform/http/moment.decorator.js';
import { PageQueryDto } from '../platform/http/page-query.dto.js';

export class AuditQueryDto extends PageQueryDto {
  @ApiProperty({ required: false, description: 'Earliest time.', example: '2026-03-01T00:00:00Z' })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiProperty({ required: false, description: 'Latest time, exclusive.', example: '2026-04-01T00:00:00Z' })
  @IsOptional()
  @IsMoment()
  to?: string;

  @ApiProperty({ required: false, description: 'Name of a login or API key.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;

  @ApiProperty({ required: false, example: 'provider.release' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  action?: string;

  @IsAppId('For the operator; a backend’s key implies it.')
  appId?: string;
}

export class AuditRecordDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: String, format: 'date-time' })
  at: Date;
  @ApiProperty({ description: 'Name of the login or API key.' })
  actor: string;
  @ApiProperty({ enum: ACTOR_KINDS })
  actorKind: ActorKind;
  @ApiProperty({ type: String, nullable: true, description: 'Null: no single app.' })
  appId: string | null;
  @ApiProperty({ description: 'IP address of the request.' })
  fromAddress: string;
  @ApiProperty({ example: 'provider.release' })
  action: string;
  @ApiProperty({ type: String, nullable: true, description: 'The user whom it concerned.' })
  uid: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'An id, or a masked phone number.' })
  target: string | null;
  @ApiProperty({ type: Object, description: 'Further facts, such as a reason.' })
  detail: Readonly<Record<string, unknown>>;
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditRecordDto] })
  data: AuditRecordDto[];
  @ApiProperty({ type: String, nullable: true, description: 'The `cursor` of the next page.' })
  nextCursor: string | null;
}
