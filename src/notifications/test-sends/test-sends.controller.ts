import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { callersApp, callersName } from '../caller.js';
import { readTestTarget } from './test-request.js';
import { TestAnswerDto, TestRequestDto } from './test-send.dto.js';
import { TestSends } from './test-sends.js';

/** Test sends. A backend tests its app, the operator any app. */
@ApiTags('notifications')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/tests')
export class TestSendsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly tests: TestSends,
  ) {}

  @Post()
  @HttpCode(200)
  @AllowAccess('backend-or-operator', { scope: ['send', 'admin'] })
  @Audited('test.send', { detail: ['kind', 'deviceId'] })
  @ApiErrors(
    ...BODY_ERRORS,
    'REQUEST.INVALID_BODY',
    'APP.REQUIRED',
    'APP.UNKNOWN',
    'DEVICE.NOT_FOUND',
    'TEST.TOO_MANY',
    'NOTIFICATION.NOT_STORED',
  )
  @ApiOperation({
    summary: 'Send a test and wait for the vendors’ answers',
    description:
      'The test passes through every stage, rules and limits included, to one device, user or number. The answer comes ' +
      'once every delivery is settled, after 15 s at the latest. A process waits for four tests at a time.',
  })
  @ApiOkResponse({ type: TestAnswerDto })
  async send(
    @Body(new Validated(TestRequestDto, 'REQUEST.INVALID_BODY')) body: TestRequestDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<TestAnswerDto> {
    const app = callersApp(caller, body.appId ?? undefined, this.config.apps);
    const target = readTestTarget(body, app);
    const answer = await this.tests.send({ app, kind: body.kind, target, receivedBy: callersName(caller) });
    const uid = 'uid' in target ? target.uid : null;
    Object.assign(audit, { appId: app.appId, uid, target: answer.notificationId });
    return answer;
  }
}
