import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { clientOf } from '../person.js';
import { readReceipts, RECEIPT_RULES, ReceiptsDto } from './receipt.dto.js';
import { SeenMessages } from './seen-messages.js';

/** What a client has shown. */
@ApiTags('receipts')
@ApiBearerAuth('client')
@ApiSecurity('authToken')
@Controller('v1/me/receipts')
export class MyReceiptsController {
  constructor(private readonly seen: SeenMessages) {}

  @Post()
  @HttpCode(HttpStatus.NO_CONTENT)
  @AllowAccess('client')
  @ApiErrors(...BODY_ERRORS, 'RECEIPT.INVALID_BODY')
  @ApiOperation({ summary: 'Tell that you have seen messages', description: RECEIPT_RULES })
  @ApiNoContentResponse({ description: 'Noted.' })
  async report(
    @CalledBy() caller: Caller,
    @Body(new Validated(ReceiptsDto, 'RECEIPT.INVALID_BODY')) body: ReceiptsDto,
  ): Promise<void> {
    await this.seen.report(clientOf(caller), readReceipts(body));
  }
}
