import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The app, for the operator; a backend's key implies it. */
export class AppQueryDto {
  @ApiProperty({ required: false, description: 'For the operator, if several apps are configured.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  appId?: string;
}
