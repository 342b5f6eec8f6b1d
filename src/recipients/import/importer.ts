import { Injectable } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { ErrorCode } from '../../platform/errors/error-table.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { validated } from '../../platform/http/validated.js';
import { ContactRepository } from '../contacts/contact.repository.js';
import { PutContactDto, readContact } from '../contacts/contact.dto.js';
import { DeviceRepository } from '../devices/device.repository.js';
import { BackendRegistrationDto } from '../devices/registration.dto.js';
import { readRegistration } from '../devices/registration.js';
import { sessionNamedBy } from '../devices/named-session.js';
import { uidOf, type User } from '../user.js';

/** The body of `POST /v1/users/{uid}/devices`, with the owner of the device. */
class DeviceRow extends BackendRegistrationDto {
  @IsString()
  uid: string;

  @IsOptional()
  @IsString()
  appId?: string | null;
}

/** The body of `PUT /v1/users/{uid}/contact`, with the owner of the contact. */
class ContactRow extends PutContactDto {
  @IsString()
  uid: string;

  @IsOptional()
  @IsString()
  appId?: string | null;
}

/** Imports devices and contacts by the rules of the REST API; known ones are refreshed. */
@Injectable()
export class Importer {
  /** A user who is erased meanwhile stays erased. */
  private readonly startedAt = new Date();

  constructor(
    private readonly config: GatewayConfig,
    private readonly devices: DeviceRepository,
    private readonly contacts: ContactRepository,
  ) {}

  /**
   * @param appId app of rows that name none; undefined: the only configured app.
   * @throws GatewayError with every fault of the row.
   */
  async importDevice(value: unknown, appId: string | undefined): Promise<void> {
    const row = validated(DeviceRow, value, 'DEVICE.INVALID_BODY');
    const user = this.userOf(row.uid, row.appId || appId, 'DEVICE.INVALID_BODY');
    const session = sessionNamedBy(row, 'DEVICE.INVALID_BODY');
    await this.devices.register(user, readRegistration(row, user.app, session), this.startedAt);
  }

  /**
   * @param appId app of rows that name none; undefined: the only configured app.
   * @throws GatewayError with every fault of the row.
   */
  async importContact(value: unknown, appId: string | undefined): Promise<void> {
    const row = validated(ContactRow, value, 'CONTACT.INVALID_BODY');
    const user = this.userOf(row.uid, row.appId || appId, 'CONTACT.INVALID_BODY');
    await this.contacts.put(user, readContact(row, user.app), this.startedAt);
  }

  private userOf(uid: string, appId: string | undefined, code: ErrorCode): User {
    return { app: this.appOf(appId, code), uid: uidOf(uid, code) };
  }

  private appOf(appId: string | undefined, code: ErrorCode): AppSettings {
    const candidates = this.config.apps.filter((app) => appId === undefined || app.appId === appId);
    const [app, ...others] = candidates;
    if (app && others.length === 0) return app;
    const problem =
      appId === undefined ? 'is required: several apps are configured' : 'is not a configured app';
    throw new GatewayError(code, { errors: [{ path: 'appId', problem }] });
  }
}
