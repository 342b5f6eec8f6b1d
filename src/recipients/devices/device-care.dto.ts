import { ApiProperty } from '@nestjs/swagger';
import { IsGivenReason } from '../../platform/http/given-reason.decorator.js';

/** Why a device is retired or restored. */
export class DeviceCareDto {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'The phone was lost.' })
  @IsGivenReason()
  reason: string;
}
