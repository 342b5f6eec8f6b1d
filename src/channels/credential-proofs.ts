import { Injectable } from '@nestjs/common';
import {
  ProvenCredentialRepository,
  type CredentialKey,
} from '../deliveries/proven-credential.repository.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import type { AnyProvider } from '../providers/provider.js';

/** The credential of an attempt. */
export interface CredentialInUse {
  readonly provider: AnyProvider;
  /** Narrows the credential: it may cover several apps, platforms or keys that the vendor accepts separately. */
  readonly scope: string;
}

/**
 * Records which credentials have worked, in any process. If a vendor refuses one of these, the fault may be the vendor's:
 * Apple has rejected valid tokens for hours. A credential that has never worked is wrong.
 */
@Injectable()
export class CredentialProofs {
  private readonly known = new WeakMap<AnyProvider, Set<string>>();

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly store: ProvenCredentialRepository,
  ) {}

  /** Records that the vendor accepted a request with this credential. */
  async worked(credential: CredentialInUse): Promise<void> {
    const scopes = this.scopesOf(credential);
    if (scopes.has(credential.scope)) return;
    scopes.add(credential.scope);
    try {
      await this.store.note(await this.keyOf(credential));
    } catch {
      // The next accepted request writes it again: other processes need it.
      scopes.delete(credential.scope);
    }
  }

  /** Falls back to the knowledge of this process while the database is unavailable. */
  async hasWorked(credential: CredentialInUse): Promise<boolean> {
    if (this.scopesOf(credential).has(credential.scope)) return true;
    return this.keyOf(credential)
      .then((key) => this.store.has(key))
      .catch(() => false);
  }

  private scopesOf({ provider }: CredentialInUse): Set<string> {
    const scopes = this.known.get(provider) ?? new Set();
    this.known.set(provider, scopes);
    return scopes;
  }

  private async keyOf({ provider, scope }: CredentialInUse): Promise<CredentialKey> {
    return { credential: await this.registry.credentialOf(provider), scope };
  }
}
