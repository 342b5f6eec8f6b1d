import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowAccess } from '../platform/auth/access.js';
import { isLocalRequest } from '../platform/auth/local-request.js';
import { DemoMode, PROCESS_SETTINGS } from '../platform/config/config.module.js';
import { DEMO_ADMIN, type ProcessSettings } from '../platform/config/process-settings.js';
import { VERSION } from '../platform/config/version.js';

class DemoLoginDto {
  @ApiProperty({ example: DEMO_ADMIN.username })
  username: string;
  @ApiProperty({ example: DEMO_ADMIN.password })
  password: string;
}

class WelcomeDto {
  @ApiProperty({ description: 'The built-in demo configuration runs.' })
  isDemo: boolean;
  @ApiProperty({
    type: DemoLoginDto,
    nullable: true,
    description: 'The demo’s public login, for a request from this machine; null if it is not in effect.',
  })
  login: DemoLoginDto | null;
  @ApiProperty({ example: '0.1.0' })
  version: string;
}

/** The first page of a browser, and what its login page needs to know. */
@ApiTags('operators')
@Controller()
export class WelcomeController {
  constructor(
    private readonly demo: DemoMode,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
  ) {}

  @Get()
  @AllowAccess('open')
  @ApiOperation({ summary: 'Lead to the sandbox phones in the demo, otherwise to the console' })
  @ApiFoundResponse({ description: '`/admin/phones` or `/admin/`' })
  async lead(@Res() reply: FastifyReply): Promise<void> {
    await reply.redirect(this.demo.enabled ? '/admin/phones' : '/admin/', 302);
  }

  @Get('admin/api/welcome')
  @AllowAccess('open')
  @ApiOperation({ summary: 'Show whether this is the demo, and its login' })
  @ApiOkResponse({ type: WelcomeDto })
  welcome(@Req() request: FastifyRequest): WelcomeDto {
    const { username, password } = this.settings.admin;
    const isOpen = this.demo.enabled && password === DEMO_ADMIN.password && isLocalRequest(request);
    return {
      isDemo: this.demo.enabled,
      login: isOpen ? { username, password } : null,
      version: VERSION,
    };
  }
}
