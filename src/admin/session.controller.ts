import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBasicAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { OperatorAuthenticator } from '../platform/auth/operator.authenticator.js';
import { OperatorSessions } from '../platform/auth/operator-sessions.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../platform/http/api-errors.js';
import { Validated } from '../platform/http/validated.js';
import { LoginDto, SessionDto } from './session.dto.js';

/** Sessions of operators in browsers. */
@ApiTags('operators')
@Controller('admin/api/session')
export class SessionController {
  constructor(
    private readonly operators: OperatorAuthenticator,
    private readonly sessions: OperatorSessions,
  ) {}

  @Post()
  @HttpCode(200)
  @AllowAccess('login')
  @ApiErrors(...BODY_ERRORS, 'REQUEST.INVALID_BODY')
  @ApiOperation({
    summary: 'Log in',
    description:
      'Sets the cookie `__Host-bellhop` (`bellhop` on `http://localhost`), which operator routes accept. It expires after 12 ' +
      'hours without a request, and seven days after the login.',
  })
  @ApiOkResponse({ type: SessionDto })
  async logIn(
    @Body(new Validated(LoginDto, 'REQUEST.INVALID_BODY')) { username, password }: LoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    const account = await this.operators.byPassword(request, `${username}:${password}`);
    const { expiresAt } = this.sessions.start(account, request, reply);
    return { username: account.username, role: account.role, expiresAt };
  }

  @Get()
  @AllowAccess('operator')
  @ApiBasicAuth('operator')
  @ApiOperation({ summary: 'Show who is logged in' })
  @ApiOkResponse({ type: SessionDto })
  whoAmI(@CalledBy() caller: Caller): SessionDto {
    if (caller.kind !== 'operator') throw new GatewayError('AUTH.FORBIDDEN');
    const { username, role, session } = caller;
    return { username, role, expiresAt: session?.expiresAt ?? null };
  }

  @Delete()
  @HttpCode(204)
  @AllowAccess('operator', { scope: 'read' })
  @ApiBasicAuth('operator')
  @ApiOperation({
    summary: 'Log out',
    description: 'Deletes the cookie. Changing the password ends all sessions of the account.',
  })
  @ApiNoContentResponse({ description: 'Logged out.' })
  logOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    this.sessions.end(request, reply);
  }
}
