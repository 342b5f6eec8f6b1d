import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The id of an app, which most callers may leave out. */
export function IsAppId(description = 'Required if several apps are configured.'): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, example: 'app123', description }),
    IsOptional(),
    IsString(),
    MaxLength(64),
  );
}
