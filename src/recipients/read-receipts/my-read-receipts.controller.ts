import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { clientOf } from '../user.js';
import { parseReadReceipts, RECEIPT_RULES, ReadReceiptsDto } from './read-receipt.dto.js';
import { SeenMessageRepository } from './seen-message.repository.js';

/** Read receipts of a client. */
@ApiTags('read receipts')
@ApiBearerAuth('client')
@ApiSecurity('authToken')
@Controller('v1/me/receipts')
export class MyReadReceiptsController {
  constructor(private readonly seen: SeenMessageRepository) {}

  @Post()
  @HttpCode(HttpStatus.NO_CONTENT)
  @AllowAccess('client')
  @ApiErrors(...BODY_ERRORS, 'RECEIPT.INVALID_BODY')
  @ApiOperation({ summary: 'Report that you have seen messages', description: RECEIPT_RULES })
  @ApiNoContentResponse({ description: 'Recorded.' })
  async report(
    @CalledBy() caller: Caller,
    @Body(new Validated(ReadReceiptsDto, 'RECEIPT.INVALID_BODY')) body: ReadReceiptsDto,
  ): Promise<void> {
    await this.seen.report(clientOf(caller), parseReadReceipts(body));
  }
}
