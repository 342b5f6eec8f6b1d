import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../platform/database/database.module.js';

/** A credential as far as it is known: what it is made of cannot be found out from that. */
export interface CredentialKey {
  readonly credential: Buffer;
  /** What else the vendor's answer hangs on: the platform of a device, the origin of a push service. */
  readonly scope: string;
}

/** What all processes know of credentials: with these the vendor has taken something. */
@Injectable()
export class ProvenCredentialRepository {
  constructor(@Inject(Prisma) private readonly prisma: Prisma) {}

  async note({ credential, scope }: CredentialKey): Promise<void> {
    const data = [{ credential: Buffer.from(credential), scope }];
    await this.prisma.provenCredential.createMany({ data, skipDuplicates: true });
  }

  async has({ credential, scope }: CredentialKey): Promise<boolean> {
    const where = { credential_scope: { credential: Buffer.from(credential), scope } };
    return (await this.prisma.provenCredential.findUnique({ where })) !== null;
  }
}
