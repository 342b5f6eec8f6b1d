import { Body, Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { userOf } from '../user.js';
import { parseReadReceipts, RECEIPT_RULES, ReadReceiptsDto } from './read-receipt.dto.js';
import { SeenMessageRepository } from './seen-message.repository.js';

/** Read receipts of any user, for the app's backend. */
@ApiTags('read receipts')
@ApiSecurity('apikey')
@Controller('v1/users/:uid/receipts')
export class UserReadReceiptsController {
  constructor(private readonly seen: SeenMessageRepository) {}

  @Post()
  @HttpCode(HttpStatus.NO_CONTENT)
  @AllowAccess('backend', { scope: 'devices' })
  @ApiErrors(...BODY_ERRORS, 'RECEIPT.INVALID_BODY')
  @ApiOperation({ summary: 'Report that a user has seen messages', description: RECEIPT_RULES })
  @ApiNoContentResponse({ description: 'Recorded.' })
  async report(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Body(new Validated(ReadReceiptsDto, 'RECEIPT.INVALID_BODY')) body: ReadReceiptsDto,
  ): Promise<void> {
    await this.seen.report(userOf(caller, uid), parseReadReceipts(body));
  }
}
