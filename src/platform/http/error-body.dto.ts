import { ApiProperty } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../errors/error-table.js';

/** One problem of a request. */
export class FaultDto {
  @ApiProperty({ example: 'data.to.uid', description: 'Where; empty for the whole.' })
  path: string;

  @ApiProperty({ example: 'must be a string' })
  problem: string;
}

/** The body of every error answer, on every route. */
export class ErrorBodyDto {
  @ApiProperty({ example: 400 })
  statusCode: number;

  @ApiProperty({ enum: Object.keys(ERRORS), enumName: 'ErrorCode' })
  code: ErrorCode;

  @ApiProperty({ example: ERRORS['REQUEST.INVALID_BODY'][1] })
  message: string;

  @ApiProperty({ type: [FaultDto] })
  errors: readonly FaultDto[];

  @ApiProperty({ format: 'uuid', description: 'The log names it, too.' })
  requestId: string;
}
