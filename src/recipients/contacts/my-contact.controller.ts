import { Body, Controller, Delete, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { Validated } from '../../platform/http/validated.js';
import { Deleted } from '../deleted.dto.js';
import { clientOf, type Client } from '../person.js';
import { ContactBook } from './contact-book.js';
import { ContactBody, ContactView, maskedContactView, readContact } from './contact.dto.js';

/** A client's own phone number. */
@ApiTags('Contact of the caller')
@ApiBearerAuth()
@Controller('v1/me/contact')
export class MyContactController {
  constructor(private readonly book: ContactBook) {}

  @Put()
  @AllowAccess('client')
  @ApiOperation({ summary: 'Set your phone number', description: 'Only where the app allows it.' })
  @ApiOkResponse({ type: ContactView })
  async put(
    @CalledBy() caller: Caller,
    @Body(new Validated(ContactBody, 'CONTACT.INVALID_BODY')) body: ContactBody,
  ): Promise<ContactView> {
    const client = mayChange(clientOf(caller));
    return maskedContactView(await this.book.put(client, readContact(body, client.app)));
  }

  @Get()
  @AllowAccess('client')
  @ApiOperation({ summary: 'Show your phone number, masked' })
  @ApiOkResponse({ type: ContactView })
  async get(@CalledBy() caller: Caller): Promise<ContactView> {
    return maskedContactView(await this.book.get(clientOf(caller)));
  }

  @Delete()
  @AllowAccess('client')
  @ApiOperation({ summary: 'Remove your phone number' })
  @ApiOkResponse({ type: Deleted })
  async remove(@CalledBy() caller: Caller): Promise<Deleted> {
    return { deleted: await this.book.remove(clientOf(caller)) };
  }
}

function mayChange(client: Client): Client {
  if (!client.app.clients.mayChangeContact) throw new GatewayError('CONTACT.READ_ONLY');
  return client;
}
