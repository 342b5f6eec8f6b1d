import { Global, Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';

import { ProvidersController } from './providers.controller.js';
import { Ledger } from './ledger.js';
import { ProvenCredentialRepository } from './proven-credential.repository.js';
import { ProviderStateRepository } from './provider-state.repository.js';
import { PruneProcessor } from './prune.processor.js';
import { ReplayRepository } from './replays/replay.repository.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxMailboxRepository } from './sandbox/sandbox-mailbox.repository.js';

/** Stage 5, LOG: the ledger, written by every stage. */
@Global()
@Module({
  providers: [
    Ledger,
    ProviderStateRepository,
    ProvenCredentialRepository,
    ReplayRepository,
    SandboxMailboxRepository,
    { provide: SandboxMailbox, useExisting: SandboxMailboxRepository },
  ],
  exports: [
    Ledger,
    ProviderStateRepository,
    ProvenCredentialRepository,
    ReplayRepository,
    SandboxMailbox,
    SandboxMailboxRepository,
  ],
})
export class DeliveriesModule {}

/** Partitions and prunes the ledger. */
@Module({ providers: [PruneProcessor] })
export class DeliveriesUpkeepModule {}

/** Routes of provider accounts and the sandbox mailbox. */
@Module({
  controllers: [ProvidersController, SandboxController],
})
export class DeliveriesApiModule {}
