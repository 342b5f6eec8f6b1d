import { Body, Controller, Delete, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { mask } from '../../domain/mask.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import type { Contact } from '../../platform/database/generated/client.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { DeletedDto } from '../deleted.dto.js';
import { clientOf, type Client } from '../user.js';
import { ContactRepository } from './contact.repository.js';
import { PutContactDto, ContactDto, toContactDto, readContact } from './contact.dto.js';

@ApiTags('contacts')
@ApiBearerAuth('client')
@ApiSecurity('authToken')
@Controller('v1/me/contact')
export class MyContactController {
  constructor(private readonly contacts: ContactRepository) {}

  @Put()
  @AllowAccess('client')
  @ApiErrors(...BODY_ERRORS, 'CONTACT.INVALID_BODY', 'CONTACT.READ_ONLY', 'USER.ERASED')
  @ApiOperation({ summary: 'Set your phone number', description: 'Only if the app allows it.' })
  @ApiOkResponse({ type: ContactDto })
  async put(
    @CalledBy() caller: Caller,
    @Body(new Validated(PutContactDto, 'CONTACT.INVALID_BODY')) body: PutContactDto,
  ): Promise<ContactDto> {
    const client = mayChange(clientOf(caller));
    return masked(await this.contacts.put(client, readContact(body, client.app)));
  }

  @Get()
  @AllowAccess('client')
  @ApiErrors('CONTACT.NOT_FOUND')
  @ApiOperation({ summary: 'Show your phone number, masked' })
  @ApiOkResponse({ type: ContactDto })
  async get(@CalledBy() caller: Caller): Promise<ContactDto> {
    return masked(await this.contacts.get(clientOf(caller)));
  }

  @Delete()
  @AllowAccess('client')
  @ApiErrors('CONTACT.NOT_FOUND')
  @ApiOperation({ summary: 'Remove your phone number' })
  @ApiOkResponse({ type: DeletedDto })
  async remove(@CalledBy() caller: Caller): Promise<DeletedDto> {
    return { deleted: await this.contacts.remove(clientOf(caller)) };
  }
}

function masked(contact: Contact): ContactDto {
  return toContactDto(contact, mask(contact.phno));
}

function mayChange(client: Client): Client {
  if (!client.app.clients.mayChangeContact) throw new GatewayError('CONTACT.READ_ONLY');
  return client;
}
