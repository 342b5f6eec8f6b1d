import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { mask } from '../../../domain/mask.js';
import { AppQueryDto } from '../../../platform/http/app-query.dto.js';
import { IsGivenReason } from '../../../platform/http/given-reason.decorator.js';
import { PageQueryDto } from '../../../platform/http/page-query.dto.js';
import { OPT_OUT_SOURCES, type OptOutRecord } from './opt-out.repository.js';

/** A number in the body, because URLs are logged. */
export class PhoneNumberDto {
  @ApiProperty({
    example: '+14155550100',
    description: 'With country code, or as dialled within the app’s `sms.defaultCountry`.',
  })
  @IsString({ message: 'must be a phone number' })
  @MaxLength(64)
  phno: string;
}

/** A number whose opt-out changes. */
export class OptOutChangeDto extends PhoneNumberDto {
  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: 'Asked by phone.',
    description: 'For the audit log.',
  })
  @IsOptional()
  @IsGivenReason()
  reason?: string | null;
}

export class OptOutDto {
  @ApiProperty()
  appId: string;
  @ApiProperty({ example: '+14…00', description: 'Masked.' })
  phno: string;
  @ApiProperty()
  optedOut: boolean;
  @ApiProperty({
    enum: OPT_OUT_SOURCES,
    description: 'Origin: an inbound SMS, the vendor, the operator or a backend.',
  })
  source: string;
  @ApiProperty({ type: String, nullable: true })
  provider: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  changedAt: Date;
}

export class OptOutPageDto {
  @ApiProperty({ type: [OptOutDto] })
  data: OptOutDto[];
  @ApiProperty({ type: String, nullable: true, description: 'The `cursor` of the next page.' })
  nextCursor: string | null;
}

export class ChangedDto {
  @ApiProperty({ description: 'False if nothing changed.' })
  changed: boolean;
}

export class OptOutQueryDto extends IntersectionType(AppQueryDto, PageQueryDto) {}

export function toOptOutDto({ appId, phno, optedOut, source, provider, changedAt }: OptOutRecord): OptOutDto {
  return { appId, phno: mask(phno), optedOut, source, provider, changedAt };
}
