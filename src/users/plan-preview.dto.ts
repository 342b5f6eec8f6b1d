import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { REASONS } from '../domain/reason.js';
import { AppQueryDto } from '../platform/http/app-query.dto.js';
import { SAMPLE_KINDS, type SampleKind } from './sample-event.js';

class SampleQueryDto {
  @ApiProperty({ enum: SAMPLE_KINDS })
  @IsIn(SAMPLE_KINDS)
  kind: SampleKind;
}

export class PlanPreviewQueryDto extends IntersectionType(AppQueryDto, SampleQueryDto) {}

export class PlannedDeliveryDto {
  @ApiProperty({ example: 'fcm' })
  kind: string;
  @ApiProperty()
  provider: string;
  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  deviceId: string | null;
  @ApiProperty({ example: 'dK3f…9aQ', description: 'Masked.' })
  address: string;
  @ApiProperty({
    type: String,
    nullable: true,
    enum: Object.keys(REASONS),
    description: 'Why it would not be sent; null if it would.',
  })
  reason: string | null;
}

export class LeftOutDeviceDto {
  @ApiProperty({ format: 'uuid' })
  deviceId: string;
  @ApiProperty({ example: 'apns-voip' })
  kind: string;
  @ApiProperty({
    enum: ['not_targeted', 'voip_rings_only', 'rings_by_voip'],
    description:
      '`voip_rings_only`: a VoIP token only rings. `rings_by_voip`: the VoIP token of the same session rings.',
  })
  why: string;
}

export class UnreachedChannelDto {
  @ApiProperty({ type: String, nullable: true, example: 'sms', description: 'Null if it is the push.' })
  kind: string | null;
  @ApiProperty({ enum: Object.keys(REASONS) })
  reason: string;
}

export class PostponementDto {
  @ApiProperty({
    enum: ['may_be_seen', 'number_not_known_yet'],
    description: 'Waits for a read receipt, or for CometChat’s answer about the number.',
  })
  why: string;
  @ApiProperty({ description: 'Milliseconds.' })
  waitMs: number;
}

/** Plan of a sample event for a user. */
export class PlanPreviewDto {
  @ApiProperty()
  appId: string;
  @ApiProperty()
  uid: string;
  @ApiProperty({ enum: SAMPLE_KINDS })
  kind: string;
  @ApiProperty({ type: [PlannedDeliveryDto] })
  deliveries: PlannedDeliveryDto[];
  @ApiProperty({ type: [LeftOutDeviceDto], description: 'Devices without a delivery.' })
  leftOut: LeftOutDeviceDto[];
  @ApiProperty({ type: [UnreachedChannelDto], description: 'Channels without an address.' })
  unreached: UnreachedChannelDto[];
  @ApiProperty({ type: [String], description: 'Rules that match.' })
  rules: string[];
  @ApiProperty({
    type: String,
    nullable: true,
    enum: Object.keys(REASONS),
    description: 'Why nothing would be sent at all; null if something would.',
  })
  skippedReason: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Not before this time, by a rule; null: at once.',
  })
  notBefore: Date | null;
  @ApiProperty({ type: PostponementDto, nullable: true, description: 'It would be decided later.' })
  postponed: PostponementDto | null;
}
