import { Global, Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { CheckRequests } from './check-requests.js';
import { ProviderCheckRepository } from './provider-check.repository.js';
import { ErasedUserRepository } from './erased-user.repository.js';
import { ProvidersController } from './providers.controller.js';
import { Ledger } from './ledger.js';
import { ProvenCredentialRepository } from './proven-credential.repository.js';
import { ProviderStateRepository } from './provider-state.repository.js';
import { LedgerUpkeep } from './ledger-upkeep.js';
import { LedgerPartitions } from './ledger-partitions.js';
import { LiveChangesRepository } from './live-changes.repository.js';
import { ReplayRepository } from './replays/replay.repository.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxMailboxRepository } from './sandbox/sandbox-mailbox.repository.js';
import { UserRecordRepository } from './user-record.repository.js';

/** Stage 5, LOG: the ledger, written by every stage. */
@Global()
@Module({
  providers: [
    Ledger,
    ProviderStateRepository,
    ProviderCheckRepository,
    ProvenCredentialRepository,
    LiveChangesRepository,
    LedgerPartitions,
    ReplayRepository,
    SandboxMailboxRepository,
    ErasedUserRepository,
    UserRecordRepository,
    { provide: SandboxMailbox, useExisting: SandboxMailboxRepository },
  ],
  exports: [
    Ledger,
    ProviderStateRepository,
    ProviderCheckRepository,
    ProvenCredentialRepository,
    LiveChangesRepository,
    LedgerPartitions,
    ReplayRepository,
    SandboxMailbox,
    SandboxMailboxRepository,
    ErasedUserRepository,
    UserRecordRepository,
  ],
})
export class DeliveriesModule {}

/** Partitions and prunes the ledger. */
@Module({ providers: [LedgerUpkeep] })
export class DeliveriesUpkeepModule {}

/** Routes of provider accounts and the sandbox mailbox. */
@Module({
  providers: [CheckRequests],
  controllers: [ProvidersController, SandboxController],
})
export class DeliveriesApiModule {}
