import { Global, Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { SandboxSwitch } from '../domain/sandbox-switch.js';
import { AccountFacts } from './account-facts.js';
import { CheckRequests } from './check-requests.js';
import { DuplicateCounts } from './duplicate-counts.js';
import { ProviderCheckRepository } from './provider-check.repository.js';
import { ErasedUserRepository } from './erased-user.repository.js';
import { ProvidersController } from './providers.controller.js';
import { CallStateRepository } from './call-state.repository.js';
import { Ledger } from './ledger.js';
import { SmsLedger } from './sms-ledger.js';
import { ProvenCredentialRepository } from './proven-credential.repository.js';
import { ProviderStateRepository } from './provider-state.repository.js';
import { LedgerUpkeep } from './ledger-upkeep.js';
import { LedgerPartitions } from './ledger-partitions.js';
import { LiveChangesRepository } from './live-changes.repository.js';
import { ReplayRepository } from './replays/replay.repository.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxMailboxRepository } from './sandbox/sandbox-mailbox.repository.js';
import { SmsUserRepository } from './sms-user.repository.js';
import { StatsController } from './stats/stats.controller.js';
import { QueueSampler } from './tallies/queue-sampler.js';
import { TallyRepository } from './tallies/tally.repository.js';
import { TallyTimer } from './tallies/tally-timer.js';
import { TallyWriter } from './tallies/tally-writer.js';
import { SandboxSwitchRepository } from './sandbox/sandbox-switch.repository.js';
import { SandboxVendorsController } from './sandbox/sandbox-vendors.controller.js';
import { UserRecordRepository } from './user-record.repository.js';

/** Stage 5, LOG: the ledger, written by every stage, and the tallies of each process. */
@Global()
@Module({
  providers: [
    Ledger,
    CallStateRepository,
    SmsLedger,
    ProviderStateRepository,
    ProviderCheckRepository,
    ProvenCredentialRepository,
    LiveChangesRepository,
    DuplicateCounts,
    LedgerPartitions,
    ReplayRepository,
    SandboxMailboxRepository,
    SandboxSwitchRepository,
    ErasedUserRepository,
    UserRecordRepository,
    SmsUserRepository,
    TallyRepository,
    TallyWriter,
    QueueSampler,
    TallyTimer,
    { provide: SandboxMailbox, useExisting: SandboxMailboxRepository },
    { provide: SandboxSwitch, useExisting: SandboxSwitchRepository },
  ],
  exports: [
    Ledger,
    CallStateRepository,
    SmsLedger,
    ProviderStateRepository,
    ProviderCheckRepository,
    ProvenCredentialRepository,
    LiveChangesRepository,
    DuplicateCounts,
    LedgerPartitions,
    ReplayRepository,
    SandboxMailbox,
    SandboxMailboxRepository,
    SandboxSwitch,
    SandboxSwitchRepository,
    ErasedUserRepository,
    UserRecordRepository,
    SmsUserRepository,
    TallyRepository,
    TallyWriter,
  ],
})
export class DeliveriesModule {}

/** Partitions and prunes the ledger. */
@Module({ providers: [LedgerUpkeep] })
export class DeliveriesUpkeepModule {}

/** Routes of provider accounts, statistics, and the sandbox’s mailbox and switches. */
@Module({
  providers: [AccountFacts, CheckRequests],
  controllers: [ProvidersController, SandboxController, SandboxVendorsController, StatsController],
})
export class DeliveriesApiModule {}
