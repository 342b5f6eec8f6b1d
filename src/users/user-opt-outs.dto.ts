import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { IsGivenReason } from '../platform/http/given-reason.decorator.js';

/** An opt-out as `GET /v1/users/{uid}` shows it, and why it is lifted. */
export class LiftUserOptOutDto {
  @ApiProperty({
    example: '+14…00',
    description: 'A number of the user’s `optOuts`, masked as it is shown there, or in full.',
  })
  @IsString({ message: 'must be a number of the user’s opt-outs' })
  @MaxLength(64)
  phno: string;

  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Asked by phone.' })
  @IsGivenReason()
  reason: string;
}
