import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { SmsErasure } from '../channels/sms/sms-erasure.js';
import { ErasedUserRepository } from '../deliveries/erased-user.repository.js';
import { AuditRepository } from '../platform/audit/audit.repository.js';
import { SandboxMailboxRepository } from '../deliveries/sandbox/sandbox-mailbox.repository.js';
import { UserRecordRepository } from '../deliveries/user-record.repository.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { Spool } from '../queue/spool/spool.js';
import { ContactRepository } from '../recipients/contacts/contact.repository.js';
import { DeviceRepository } from '../recipients/devices/device.repository.js';
import { TextedMessageRepository } from '../recipients/planning/texted-message.repository.js';
import { SeenMessageRepository } from '../recipients/read-receipts/seen-message.repository.js';
import type { User } from '../recipients/user.js';
import { isOfUser } from './user-jobs.js';

/** How long a request waits for jobs of the user that are running; a vendor may take long. */
const WAIT_MS = 10_000;
const PAUSE_MS = 250;
const RETRY_AFTER_S = 10;

/** Numbers of deleted rows, jobs and spooled events. */
type Erased = Record<string, number>;

/**
 * Erases users from every table, queue and spool.
 *
 * The user is marked first: from then on no job or request received before writes anything about them. Jobs that are
 * running may still write, so the erasure is repeated until none is. If the process ends in between, the request is
 * repeated by its caller.
 */
@Injectable()
export class UserErasure {
  constructor(
    private readonly erased: ErasedUserRepository,
    private readonly records: UserRecordRepository,
    private readonly mailbox: SandboxMailboxRepository,
    private readonly sms: SmsErasure,
    private readonly devices: DeviceRepository,
    private readonly contacts: ContactRepository,
    private readonly seen: SeenMessageRepository,
    private readonly texted: TextedMessageRepository,
    private readonly audit: AuditRepository,
    private readonly queue: JobQueue,
    private readonly spool: Spool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Idempotent.
   *
   * @param by name of the caller.
   * @throws GatewayError `USER.NOT_ERASED` if jobs of the user are still running or spooled; `SERVICE.UNAVAILABLE`.
   */
  async erase(user: User, by: string): Promise<void> {
    const startedAt = performance.now();
    const { app, uid } = user;
    await this.erased.mark(app.appId, uid);
    const numbers = new Set<string>();
    const total: Erased = {};
    for (;;) {
      for (const phno of await this.numbersOf(user)) numbers.add(phno);
      const { counts, isComplete } = await this.pass(user, [...numbers]);
      for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
      if (isComplete) break;
      if (performance.now() - startedAt > WAIT_MS)
        throw new GatewayError('USER.NOT_ERASED', { retryAfterSeconds: RETRY_AFTER_S });
      await sleep(PAUSE_MS);
    }
    const durationMs = Math.round(performance.now() - startedAt);
    this.logger.info({ appId: app.appId, by, erased: total, durationMs }, 'user.erased');
  }

  /** The numbers by which the user is known: of the contact and of SMS in the ledger. */
  private async numbersOf(user: User): Promise<string[]> {
    const contact = await this.contacts.find(user);
    const texted = await this.records.numbersOf({ appId: user.app.appId, uid: user.uid });
    return contact ? [contact.phno, ...texted] : texted;
  }

  /**
   * Deletes everything once. Jobs come first, because running ones write to the tables. The numbers are in the contact
   * and the ledger, which come last, so that a repeated request finds them.
   */
  private async pass(
    user: User,
    numbers: readonly string[],
  ): Promise<{ counts: Erased; isComplete: boolean }> {
    const { app, uid } = user;
    const key = { appId: app.appId, uid };
    const isMine = isOfUser(app.appId, uid, numbers);
    const spooled = await this.spool.erase(isMine, `"uid":${JSON.stringify(uid)}`);
    const jobs = await this.queue.removeJobs(isMine);
    const devices = await this.devices.remove(user, { by: 'user' });
    const seen = await this.seen.erase(user);
    const texted = await this.texted.erase(key);
    const sandbox = await this.mailbox.erase(key, numbers);
    const sms = await this.sms.erase(app.appId, uid, numbers);
    const ledger = await this.records.erase(key, numbers);
    const actions = await this.audit.forgetUser(app.appId, uid);
    const contacts = await this.contacts.erase(user);
    return {
      counts: {
        ...{
          spooled: spooled.removed,
          jobs: jobs.removed,
          devices,
          seen,
          texted,
          sandbox,
          actions,
          contacts,
        },
        ...sms,
        ...ledger,
      },
      isComplete: jobs.running === 0 && spooled.waiting === 0,
    };
  }
}
