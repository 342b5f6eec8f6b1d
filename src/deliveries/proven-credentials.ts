import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';

/** A credential as far as it is known: what it is made of cannot be found out from that. */
export interface CredentialKey {
  readonly credential: Buffer;
  /** What else the vendor's answer hangs on: the platform of a device, the origin of a push service. */
  readonly scope: string;
}

/** What all processes know of credentials: with these the vendor has taken something. */
@Injectable()
export class ProvenCredentials {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  async note({ credential, scope }: CredentialKey): Promise<void> {
    await this.sql.query(
      'INSERT INTO proven_credential (credential, scope) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [credential, scope],
    );
  }

  async has({ credential, scope }: CredentialKey): Promise<boolean> {
    const { rowCount } = await this.sql.query(
      'SELECT FROM proven_credential WHERE credential = $1 AND scope = $2',
      [credential, scope],
    );
    return rowCount === 1;
  }
}
