import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

/** Why a device is retired or restored. */
export class DeviceCareDto {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'The phone was lost.' })
  @Matches(/^(?=.*\S)[^\p{Cc}\p{Cs}]{1,200}$/u, {
    message: 'must be 1 to 200 characters without control characters',
  })
  reason: string;
}
