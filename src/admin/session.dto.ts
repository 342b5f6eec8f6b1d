import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { OPERATOR_ROLES, type OperatorRole } from '../platform/auth/operator-role.js';

export class LoginDto {
  @ApiProperty({ example: 'admin', maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  username: string;

  @ApiProperty({ example: 'admin-demo', maxLength: 1_000 })
  @IsString()
  @MaxLength(1_000)
  password: string;
}

export class SessionDto {
  @ApiProperty({ example: 'admin' })
  username: string;
  @ApiProperty({ enum: OPERATOR_ROLES, description: 'A `viewer` reads; an `operator` also changes.' })
  role: OperatorRole;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null: the request is identified by HTTP Basic or by a proxy.',
  })
  expiresAt: Date | null;
}
