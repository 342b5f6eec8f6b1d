import { Injectable } from '@nestjs/common';
import {
  ProvenCredentialRepository,
  type CredentialKey,
} from '../deliveries/proven-credential.repository.js';
import { ProviderRegistry } from '../providers/provider-registry.js';
import type { AnyProvider } from '../providers/provider.js';

/** What an attempt shows its vendor to be let in. */
export interface CredentialInUse {
  readonly provider: AnyProvider;
  /** What else the answer hangs on: a vendor may know several apps, platforms or keys of ours by one credential. */
  readonly scope: string;
}

/**
 * Which credentials have worked, in this process or another. A vendor that refuses one of these may err itself: Apple
 * has had hours in which it called valid tokens invalid. One that never worked is wrong.
 */
@Injectable()
export class CredentialProofs {
  private readonly known = new WeakMap<AnyProvider, Set<string>>();

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly store: ProvenCredentialRepository,
  ) {}

  /** The vendor has taken something. */
  async worked(credential: CredentialInUse): Promise<void> {
    const scopes = this.scopesOf(credential);
    if (scopes.has(credential.scope)) return;
    scopes.add(credential.scope);
    try {
      await this.store.note(await this.keyOf(credential));
    } catch {
      // Once more at the next one: the others have to know.
      scopes.delete(credential.scope);
    }
  }

  /** While the database is away, what this process knows counts. */
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
