import { Injectable } from '@nestjs/common';
import { OptOutRepository } from '../channels/sms/opt-out/opt-out.repository.js';
import { SandboxMailboxRepository } from '../deliveries/sandbox/sandbox-mailbox.repository.js';
import { UserRecordRepository, type WholeRecord } from '../deliveries/user-record.repository.js';
import { JobQueue } from '../queue/job-queue.js';
import { ContactRepository } from '../recipients/contacts/contact.repository.js';
import { DeviceRepository, type StoredDevice } from '../recipients/devices/device.repository.js';
import { TextedMessageRepository } from '../recipients/planning/texted-message.repository.js';
import { SeenMessageRepository } from '../recipients/read-receipts/seen-message.repository.js';
import type { User } from '../recipients/user.js';
import { isOfUser } from './user-jobs.js';

/** Exports everything about a user, with contents and addresses. */
@Injectable()
export class UserExport {
  constructor(
    private readonly devices: DeviceRepository,
    private readonly contacts: ContactRepository,
    private readonly seen: SeenMessageRepository,
    private readonly texted: TextedMessageRepository,
    private readonly optOuts: OptOutRepository,
    private readonly mailbox: SandboxMailboxRepository,
    private readonly records: UserRecordRepository,
    private readonly queue: JobQueue,
  ) {}

  /** One JSON document, in parts. Notifications are read a page at a time, so that they never fill the memory. */
  async *document(user: User): AsyncGenerator<string, void> {
    const { app, uid } = user;
    const key = { appId: app.appId, uid };
    const contact = await this.contacts.find(user);
    const numbers = [
      ...new Set([...(contact ? [contact.phno] : []), ...(await this.records.numbersOf(key))]),
    ];
    const optOuts = await Promise.all(numbers.map((phno) => this.optOuts.find(app.appId, phno)));
    const devices = [...(await this.devices.list(user)), ...(await this.devices.listRetired(user))];
    const facts = {
      ...key,
      exportedAt: new Date(),
      devices: devices.map(withoutHash),
      contact: contact ?? null,
      optOuts: optOuts.filter((found) => found !== undefined),
      readReceipts: await this.seen.list(user),
      textedMessages: await this.texted.list(key),
      endedCalls: await this.records.calls(key),
      conversations: await this.records.bursts(key),
      sandboxMessages: await this.mailbox.listOf(key),
      waitingJobs: await this.queue.findPayloads(isOfUser(app.appId, uid, numbers)),
    };
    yield `${toJson(facts).slice(0, -1)},"notifications":[`;
    let separator = '';
    for await (const record of this.records.notifications(key)) {
      yield `${separator}${toJson(withContent(record))}`;
      separator = ',';
    }
    yield ']}\n';
  }
}

/** The hash of a token is part of an index; `undefined` is left out of JSON. */
function withoutHash(device: StoredDevice): object {
  return { ...device, tokenHash: undefined };
}

/** The content as JSON instead of a JSON string. */
function withContent({ content, ...record }: WholeRecord): object {
  return { ...record, content: JSON.parse(content) as unknown };
}

/** Money is stored as `bigint`. */
function toJson(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part));
}
