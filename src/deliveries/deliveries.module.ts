import { Global, Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';

import { ErasedUserRepository } from './erased-user.repository.js';
import { ProvidersController } from './providers.controller.js';
import { Ledger } from './ledger.js';
import { ProvenCredentialRepository } from './proven-credential.repository.js';
import { ProviderStateRepository } from './provider-state.repository.js';
import { PruneProcessor } from './prune.processor.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxMailboxRepository } from './sandbox/sandbox-mailbox.repository.js';
import { UserRecordRepository } from './user-record.repository.js';

/** Stage 5, LOG: the ledger, written by every stage. */
@Global()
@Module({
  providers: [
    Ledger,
    ProviderStateRepository,
    ProvenCredentialRepository,
    SandboxMailboxRepository,
    ErasedUserRepository,
    UserRecordRepository,
    { provide: SandboxMailbox, useExisting: SandboxMailboxRepository },
  ],
  exports: [
    Ledger,
    ProviderStateRepository,
    ProvenCredentialRepository,
    SandboxMailbox,
    SandboxMailboxRepository,
    ErasedUserRepository,
    UserRecordRepository,
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
