import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { callersName } from '../../notifications/caller.js';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { chooseApp } from '../../platform/auth/backend.authenticator.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { uidOf } from '../../recipients/user.js';
import { GROUP } from './cometchat-events.js';
import { PlayDto, PlayedDto } from './play.dto.js';
import { Player, type Play } from './player.js';

const INVALID = 'REQUEST.INVALID_BODY';

/** Plays CometChat, so that the whole flow can be tried without its account. */
@ApiTags('sandbox')
@ApiBasicAuth('operator')
@Controller('sandbox/play')
export class PlayController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly player: Player,
  ) {}

  @Post()
  @HttpCode(200)
  @AllowAccess('operator-or-demo')
  @AtOnce(8)
  @Audited('sandbox.play', { detail: ['kind', 'callAction'] })
  @ApiErrors(
    ...BODY_ERRORS,
    INVALID,
    'APP.REQUIRED',
    'APP.UNKNOWN',
    'SANDBOX.REAL_VENDOR',
    'WEBHOOK.NOT_STORED',
  )
  @ApiOperation({
    summary: 'Play an event of CometChat',
    description:
      'Builds the webhooks that CometChat would send, and passes them through every stage. Only for an app whose providers ' +
      'of the channel are all sandboxes.',
  })
  @ApiOkResponse({ type: PlayedDto })
  play(
    @Body(new Validated(PlayDto, INVALID)) body: PlayDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<PlayedDto> {
    const app = chooseApp(this.config.apps, body.appId ?? undefined);
    const play = readPlay(body, callersName(caller));
    Object.assign(audit, { appId: app.appId, uid: play.to });
    return this.player.play(app, play);
  }
}

/** @throws GatewayError `REQUEST.INVALID_BODY` if its fields contradict each other. */
function readPlay(body: PlayDto, by: string): Play {
  const { kind, text, group, callAction, sessionId, conversationId } = body;
  const [from, to] = [uidOf(body.from, INVALID), uidOf(body.to, INVALID)];
  if (from === to) throw fault('to', 'must be another user than from');
  const action = callAction ?? 'initiated';
  if (kind === 'call' && action !== 'initiated' && !sessionId)
    throw fault('sessionId', `is required for ${action}: name the call that it belongs to`);
  if (
    kind === 'group' &&
    conversationId &&
    !(conversationId.startsWith(GROUP) && conversationId.length > GROUP.length)
  )
    throw fault('conversationId', `must be ${GROUP} and the id of the group`);
  return {
    ...{ kind, from, to, by, callAction: action },
    text: text ?? undefined,
    size: group?.size,
    sessionId: sessionId ?? undefined,
    conversationId: conversationId ?? undefined,
  };
}

const fault = (path: string, problem: string): GatewayError =>
  new GatewayError(INVALID, { errors: [{ path, problem }] });
