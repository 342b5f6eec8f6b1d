import { Controller, Get, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { normaliseUid } from '../../domain/uid.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { chooseApp } from '../../platform/auth/backend.authenticator.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { CometChatInquiry } from './cometchat-inquiry.js';
import { InquiryDto, InquiryQueryDto, toInquiryDto } from './inquiry.dto.js';

/** CometChat's side of the question why a notification did not arrive. */
@ApiTags('ledger')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/cometchat')
export class InquiryController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly inquiry: CometChatInquiry,
  ) {}

  @Get('logs')
  @AllowAccess('backend-or-operator')
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.REQUIRED', 'APP.UNKNOWN', 'COMETCHAT.NO_API_KEY', 'COMETCHAT.BUSY')
  @ApiOperation({
    summary: 'What CometChat’s own log and settings say of a user or a message',
    description:
      'Needs `cometchat.restApiKey`. Name a user, a message, or both for a message in a group. If CometChat does not answer, the answer contains what the ledger has, and `failures` says why.',
  })
  @ApiOkResponse({ type: InquiryDto })
  async logs(
    @Query(new Validated(InquiryQueryDto, 'REQUEST.INVALID_QUERY')) query: InquiryQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<InquiryDto> {
    const app = this.appOf(caller, query.appId);
    const { uid, messageId = null } = query;
    if (uid === undefined && messageId === null) {
      const problem = 'is required, unless `messageId` is given';
      throw new GatewayError('REQUEST.INVALID_QUERY', { errors: [{ path: 'uid', problem }] });
    }
    const about = { uid: uid === undefined ? null : (normaliseUid(uid) ?? uid), messageId };
    return toInquiryDto(await this.inquiry.ask(app, about));
  }

  private appOf(caller: Caller, appId: string | undefined): AppSettings {
    return chooseApp(caller.kind === 'backend' ? [caller.app] : this.config.apps, appId);
  }
}
