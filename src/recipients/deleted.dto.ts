import { ApiProperty } from '@nestjs/swagger';

/** Number of devices or contacts that a request removed. */
export class DeletedDto {
  @ApiProperty({ minimum: 0 })
  deleted: number;
}
