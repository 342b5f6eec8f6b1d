import { Global, Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';

import { ProvidersController } from './providers.controller.js';
import { Ledger } from './ledger.js';
import { ProvenCredentialRepository } from './proven-credential.repository.js';
import { ProviderStateRepository } from './provider-state.repository.js';
import { PruneProcessor } from './prune.processor.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { SandboxMailboxRepository } from './sandbox/sandbox-mailbox.repository.js';

/** Stage 5, LOG: the ledger. What every stage writes to. */
@Global()
@Module({
  providers: [
    Ledger,
    ProviderStateRepository,
    ProvenCredentialRepository,
    SandboxMailboxRepository,
    { provide: SandboxMailbox, useExisting: SandboxMailboxRepository },
  ],
  exports: [
    Ledger,
    ProviderStateRepository,
    ProvenCredentialRepository,
    SandboxMailbox,
    SandboxMailboxRepository,
  ],
})
export class DeliveriesModule {}

/** What keeps the ledger from growing for ever. */
@Module({ providers: [PruneProcessor] })
export class DeliveriesUpkeepModule {}

/** What the ledger answers when it is asked. */
@Module({
  controllers: [ProvidersController, SandboxController],
})
export class DeliveriesApiModule {}
