import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { AppQueryDto } from '../../platform/http/app-query.dto.js';
import { Validated } from '../../platform/http/validated.js';
import { DeletedDto } from '../deleted.dto.js';
import { userNamedBy, userOf } from '../user.js';
import { ContactRepository } from './contact.repository.js';
import { PutContactDto, toContactDto, ContactDto, readContact } from './contact.dto.js';

const APP = new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY');
const USER_ERRORS = ['REQUEST.INVALID_QUERY', 'REQUEST.MALFORMED'] as const;

/** Contacts of any user. A backend manages those of its app, the operator sets and removes those of any app. */
@ApiTags('contacts')
@ApiSecurity('apikey')
@Controller('v1/users/:uid/contact')
export class UserContactController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly contacts: ContactRepository,
  ) {}

  @Put()
  @AllowAccess('backend-or-operator', { scope: 'devices' })
  @ApiBasicAuth('operator')
  @Audited('contact.set')
  @ApiErrors(...BODY_ERRORS, ...USER_ERRORS, 'CONTACT.INVALID_BODY', 'USER.ERASED')
  @ApiOperation({ summary: 'Set a user’s phone number' })
  @ApiOkResponse({ type: ContactDto })
  async put(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Body(new Validated(PutContactDto, 'CONTACT.INVALID_BODY')) body: PutContactDto,
    @Query(APP) { appId }: AppQueryDto,
    @AuditOf() audit: AuditDetails,
  ): Promise<ContactDto> {
    const user = userNamedBy(caller, uid, this.config.apps, appId);
    // A backend keeps its users' contacts up to date, which nobody has to look up.
    Object.assign(audit, { appId: user.app.appId, isSkipped: caller.kind === 'backend' });
    const contact = await this.contacts.put(user, readContact(body, user.app));
    return toContactDto(contact, contact.phno);
  }

  @Get()
  @AllowAccess('backend', { scope: ['devices', 'read'] })
  @ApiErrors('CONTACT.NOT_FOUND')
  @ApiOperation({ summary: 'Show a user’s phone number' })
  @ApiOkResponse({ type: ContactDto })
  async get(@CalledBy() caller: Caller, @Param('uid') uid: string): Promise<ContactDto> {
    const contact = await this.contacts.get(userOf(caller, uid));
    return toContactDto(contact, contact.phno);
  }

  @Delete()
  @AllowAccess('backend-or-operator', { scope: 'devices' })
  @ApiBasicAuth('operator')
  @Audited('contact.remove')
  @ApiErrors(...USER_ERRORS, 'CONTACT.NOT_FOUND')
  @ApiOperation({ summary: 'Remove a user’s phone number' })
  @ApiOkResponse({ type: DeletedDto })
  async remove(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Query(APP) { appId }: AppQueryDto,
    @AuditOf() audit: AuditDetails,
  ): Promise<DeletedDto> {
    const user = userNamedBy(caller, uid, this.config.apps, appId);
    audit.appId = user.app.appId;
    return { deleted: await this.contacts.remove(user) };
  }
}
