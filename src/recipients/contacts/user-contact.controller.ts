import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { DeletedDto } from '../deleted.dto.js';
import { userOf } from '../user.js';
import { ContactRepository } from './contact.repository.js';
import { PutContactDto, toContactDto, ContactDto, readContact } from './contact.dto.js';

@ApiTags('contacts')
@ApiSecurity('apikey')
@Controller('v1/users/:uid/contact')
export class UserContactController {
  constructor(private readonly contacts: ContactRepository) {}

  @Put()
  @AllowAccess('backend', { scope: 'devices' })
  @ApiErrors(...BODY_ERRORS, 'CONTACT.INVALID_BODY', 'USER.ERASED')
  @ApiOperation({ summary: 'Set a user’s phone number' })
  @ApiOkResponse({ type: ContactDto })
  async put(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Body(new Validated(PutContactDto, 'CONTACT.INVALID_BODY')) body: PutContactDto,
  ): Promise<ContactDto> {
    const user = userOf(caller, uid);
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
  @AllowAccess('backend', { scope: 'devices' })
  @Audited('contact.remove')
  @ApiErrors('CONTACT.NOT_FOUND')
  @ApiOperation({ summary: 'Remove a user’s phone number' })
  @ApiOkResponse({ type: DeletedDto })
  async remove(@CalledBy() caller: Caller, @Param('uid') uid: string): Promise<DeletedDto> {
    return { deleted: await this.contacts.remove(userOf(caller, uid)) };
  }
}
