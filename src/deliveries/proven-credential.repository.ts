import { Inject, Injectable } from '@nestjs/common';
import { Prisma } from '../platform/database/database.module.js';

/** A credential by its hash, from which it cannot be recovered. */
export interface CredentialKey {
  readonly credential: Buffer;
  /** Further scope of the proof: the platform of a device, or the origin of a push service. */
  readonly scope: string;
}

/** Credentials that a vendor has accepted, shared by all processes. */
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
