import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { AppSettings } from '../../platform/config/app-settings.js';
import type { Contact } from '../../platform/database/generated/client.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { ContactDetails } from './contact.repository.js';
import { toE164 } from '../../platform/phone/phone-number.js';

export class PutContactDto {
  @ApiProperty({
    example: '+14155550100',
    description: 'With country code, or as it is dialled within the app’s `sms.defaultCountry`.',
  })
  @IsString({ message: 'must be a phone number' })
  phno: string;

  @ApiPropertyOptional({ type: String, maxLength: 100, example: 'Ann' })
  @IsOptional()
  @Matches(/^[^\p{Cc}\p{Cs}]{0,100}$/u, { message: 'must be a string of up to 100 characters' })
  name?: string | null;
}

/** The user's own client gets the number masked. */
export class ContactDto {
  @ApiProperty()
  uid: string;

  @ApiProperty({ example: '+14155550100', description: 'E.164; masked where a client asks.' })
  phno: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty()
  createdAt: Date;

  @ApiProperty()
  updatedAt: Date;
}

/** @throws GatewayError `CONTACT.INVALID_BODY` for an invalid number. */
export function readContact({ phno, name }: PutContactDto, app: AppSettings): ContactDetails {
  const number = toE164(phno, app.sms.defaultCountry);
  if (number === undefined) {
    const problem = 'is not a phone number; write it with + and its country code';
    throw new GatewayError('CONTACT.INVALID_BODY', { errors: [{ path: 'phno', problem }] });
  }
  return { phno: number, name: name || null };
}

/** @param phno the number, masked if necessary. */
export function toContactDto({ uid, name, createdAt, updatedAt }: Contact, phno: string): ContactDto {
  return { uid, phno, name, createdAt, updatedAt };
}
