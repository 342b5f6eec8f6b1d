import { ApiProperty } from '@nestjs/swagger';

/** How many devices or contacts a request removed. */
export class DeletedDto {
  @ApiProperty({ minimum: 0 })
  deleted: number;
}
