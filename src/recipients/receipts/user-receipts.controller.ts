import { Body, Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { personOf } from '../person.js';
import { readReceipts, RECEIPT_RULES, ReceiptsDto } from './receipt.dto.js';
import { SeenMessages } from './seen-messages.js';

/** What anyone has seen, for the app's backend. */
@ApiTags('receipts')
@ApiSecurity('apikey')
@Controller('v1/users/:uid/receipts')
export class UserReceiptsController {
  constructor(private readonly seen: SeenMessages) {}

  @Post()
  @HttpCode(HttpStatus.NO_CONTENT)
  @AllowAccess('backend')
  @ApiErrors(...BODY_ERRORS, 'RECEIPT.INVALID_BODY')
  @ApiOperation({ summary: 'Tell that a person has seen messages', description: RECEIPT_RULES })
  @ApiNoContentResponse({ description: 'Noted.' })
  async report(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Body(new Validated(ReceiptsDto, 'RECEIPT.INVALID_BODY')) body: ReceiptsDto,
  ): Promise<void> {
    await this.seen.report(personOf(caller, uid), readReceipts(body));
  }
}
