import { Global, Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { LedgerReader } from './api/ledger-reader.js';
import { NotificationsController } from './api/notifications.controller.js';
import { ProvidersController } from './api/providers.controller.js';
import { Ledger } from './ledger.js';
import { ProvenCredentials } from './proven-credentials.js';
import { ProviderStates } from './provider-states.js';
import { PruneProcessor } from './prune.processor.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxMailboxStore } from './sandbox/sandbox-mailbox.store.js';

/** Stage 5, LOG: the ledger. What every stage writes to. */
@Global()
@Module({
  providers: [
    Ledger,
    ProviderStates,
    ProvenCredentials,
    SandboxMailboxStore,
    { provide: SandboxMailbox, useExisting: SandboxMailboxStore },
  ],
  exports: [Ledger, ProviderStates, ProvenCredentials, SandboxMailbox, SandboxMailboxStore],
})
export class DeliveriesModule {}

/** What keeps the ledger from growing for ever. */
@Module({ providers: [PruneProcessor] })
export class DeliveriesUpkeepModule {}

/** What the ledger answers when it is asked. */
@Module({
  controllers: [NotificationsController, ProvidersController, SandboxController],
  providers: [LedgerReader],
})
export class DeliveriesApiModule {}
