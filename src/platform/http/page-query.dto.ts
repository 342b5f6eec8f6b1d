import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const MAX_PAGE = 200;

/** The part of a list's query that selects the page. */
export class PageQueryDto {
  @ApiProperty({ required: false, description: '`nextCursor` of the previous page.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;

  @ApiProperty({
    required: false,
    minimum: 1,
    maximum: MAX_PAGE,
    default: 50,
    description: 'Size of the page.',
  })
  @Transform(({ value }: { value: unknown }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit: number = 50;
}
