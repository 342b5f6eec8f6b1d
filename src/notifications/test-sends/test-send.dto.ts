import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsAppId } from '../../platform/http/app-id.decorator.js';
import { AttemptDto, DeliveryDto } from '../notification.dto.js';
import { ExplanationDto } from '../story/story.dto.js';
import { IsUid } from '../uid.decorator.js';
import { TEST_KINDS, type TestKind } from './test-content.js';

/** `POST /v1/tests`. One of `deviceId`, `uid` and `phno` is given. */
export class TestRequestDto {
  @IsAppId()
  appId?: string | null;

  @ApiProperty({
    enum: TEST_KINDS,
    description:
      '`chat`: a message; `call`: a call that rings for some seconds and is then cancelled; `sms`: an SMS at the usual price.',
  })
  @IsIn(TEST_KINDS)
  kind: TestKind;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description: 'Only this device; `chat` and `call` only.',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'must be the id of a device' })
  deviceId?: string | null;

  @ApiPropertyOptional({
    type: String,
    example: 'cometchat-uid-2',
    description: 'All devices of this user; for `sms` the number of the user’s contact.',
  })
  @IsOptional()
  @IsUid()
  uid?: string | null;

  @ApiPropertyOptional({ type: String, example: '+14155550100', description: '`sms` only.' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phno?: string | null;
}

/** The vendor's word about one delivery of a test. */
export class TestDeliveryDto extends PickType(DeliveryDto, [
  'deviceId',
  'kind',
  'provider',
  'address',
  'status',
  'reason',
] as const) {
  @ApiProperty({ format: 'uuid' })
  deliveryId: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Outcome of the last attempt; null before the first.',
  })
  outcome: AttemptDto['outcome'] | null;
  @ApiProperty({ type: String, nullable: true })
  vendorCode: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 200,
    description: 'The vendor’s own words, masked.',
  })
  vendorText: string | null;
  @ApiProperty({ type: String, nullable: true })
  vendorMessageId: string | null;
  @ApiProperty({ type: ExplanationDto })
  explanation: ExplanationDto;
}

export class TestAnswerDto {
  @ApiProperty({ format: 'uuid', description: 'Id in the ledger, where its `source` is `test`.' })
  notificationId: string;
  @ApiProperty({ description: 'Every delivery has a final status. False: the ledger tells the rest.' })
  isSettled: boolean;
  @ApiProperty({ example: 412, description: 'Time in ms until this answer.' })
  waitedMs: number;
  @ApiProperty({ type: [TestDeliveryDto], description: 'Empty while the test is not planned.' })
  deliveries: TestDeliveryDto[];
}
