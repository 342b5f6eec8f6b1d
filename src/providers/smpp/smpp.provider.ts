import { randomInt } from 'node:crypto';
import { ProviderUnavailable, SendAborted, type SendResult } from '../../domain/outcome.js';
import { within } from '../../platform/timing/within.js';
import type { SmppSettings } from './smpp-settings.js';
import type { VendorListener } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { Deadline } from './deadline.js';
import { destinationAddress, sourceAddress } from './smpp-address.js';
import { checkSmpp } from './smpp-check.js';
import { SmppConnection } from './smpp-connection.js';
import { SmppInbox } from './smpp-inbox.js';
import type { BindCommand } from './smpp-link.js';
import { endpointOf } from './smpp-socket.js';
import { SmppSubmitter } from './smpp-submitter.js';
import { SMPP_TIMINGS, type SmppTimings } from './smpp-timings.js';
import { smsParts } from './sms-parts.js';
import { validityPeriod } from './validity-period.js';

/** `registered_delivery`: request a delivery report for the final state (SMPP 3.4, 5.2.17). */
const REPORT_REQUESTED = 1;
/** References of concatenated SMS have 8 bits. */
const REFERENCE_COUNT = 256;

/**
 * An SMSC over SMPP 3.4 (https://smpp.org/SMPP_v3_4_Issue1_2.pdf).
 *
 * A transceiver bind, or a transmitter and a receiver bind, carry SMS, delivery reports and inbound SMS. The protocol
 * has no idempotency key: an unanswered `submit_sm` may have been sent. `requestTimeoutMs` covers all waits of an SMS:
 * the bind, the window and the responses to all parts; the interval between parts may add as much again. Delivery
 * reports come per part.
 */
export class SmppProvider implements SmsProvider {
  private readonly connection: SmppConnection;
  /** Unset: `connection` receives as well. */
  private readonly receiver: SmppConnection | undefined;
  private readonly submitter: SmppSubmitter;
  private readonly inbox: SmppInbox;
  private readonly sending = new Set<Promise<unknown>>();
  /** Starts at random, so that two processes rarely use the same reference for a phone concurrently. */
  private reference = randomInt(REFERENCE_COUNT);
  private closed: Promise<void> | undefined;

  constructor(
    private readonly settings: SmppSettings,
    private readonly timings: SmppTimings = SMPP_TIMINGS,
  ) {
    const { systemId: system_id, password, systemType: system_type, receiptIds, alphabet } = settings;
    this.inbox = new SmppInbox({ receiptIds, alphabet, partsMs: timings.partsMs });
    const connect = (command: BindCommand): SmppConnection =>
      new SmppConnection({
        endpoint: endpointOf(settings),
        bind: { command, system_id, password, system_type },
        timings,
        onDelivered: this.inbox.take,
      });
    const isTransceiver = settings.bind === 'transceiver';
    this.connection = connect(isTransceiver ? 'bind_transceiver' : 'bind_transmitter');
    this.receiver = isTransceiver ? undefined : connect('bind_receiver');
    this.submitter = new SmppSubmitter(this.connection, settings);
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    if (this.closed) throw new ProviderUnavailable({ vendorCode: 'closed' });
    const submits = this.submitsOf(message);
    const { requestTimeoutMs } = this.settings;
    const gapMs = this.gapMs(submits.length);
    const deadline = new Deadline(signal, requestTimeoutMs + Math.ceil(gapMs * (submits.length - 1)));
    const sending = this.submitter.submit(submits, deadline, gapMs).finally(() => {
      deadline.end();
      this.sending.delete(sending);
    });
    this.sending.add(sending);
    return sending;
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkSmpp(this.connection, this.settings.requestTimeoutMs, signal);
  }

  listen(listener: VendorListener): void {
    this.inbox.listen(listener);
    this.connection.keepUp();
    this.receiver?.keepUp();
  }

  countParts({ text, encoding }: Pick<SmsMessage, 'text' | 'encoding'>): number {
    return smsParts(text, encoding, () => 0, this.settings.alphabet).length;
  }

  close(): Promise<void> {
    this.closed ??= this.shutDown();
    return this.closed;
  }

  private readonly nextReference = (): number => {
    this.reference = (this.reference + 1) % REFERENCE_COUNT;
    return this.reference;
  };

  private async shutDown(): Promise<void> {
    await Promise.allSettled(this.sending);
    // The SMSC delivers again what is not acknowledged by then.
    await within(this.timings.answerMs, this.inbox.close()).catch(() => undefined);
    await Promise.all([this.connection.close(), this.receiver?.close()]);
  }

  /** The interval between parts at the account's rate limit, as far as the claim's remaining time allows. */
  private gapMs(parts: number): number {
    const { throughputPerSecond, throughputCounts = 'segments', requestTimeoutMs } = this.settings;
    if (throughputPerSecond === undefined || throughputCounts === 'texts' || parts < 2) return 0;
    return Math.min(1_000 / throughputPerSecond, requestTimeoutMs / (parts - 1));
  }

  private submitsOf({
    address,
    text,
    encoding,
    validForSeconds,
  }: SmsMessage): Readonly<Record<string, unknown>>[] {
    const { from = '', sourceTon, sourceNpi, serviceType, alphabet } = this.settings;
    const source = sourceAddress(from, { ton: sourceTon, npi: sourceNpi });
    const destination = destinationAddress(address.phno);
    return smsParts(text, encoding, this.nextReference, alphabet).map((part) => ({
      ...part,
      service_type: serviceType,
      source_addr_ton: source.ton,
      source_addr_npi: source.npi,
      source_addr: source.address,
      dest_addr_ton: destination.ton,
      dest_addr_npi: destination.npi,
      destination_addr: destination.address,
      validity_period: validityPeriod(validForSeconds),
      registered_delivery: REPORT_REQUESTED,
    }));
  }
}

export const smpp: SmsProviderFactory<SmppSettings> = {
  channel: 'sms',
  type: 'smpp',
  endpointsOf: (settings) => {
    const { host, port, tls } = endpointOf(settings);
    return [`${tls ? 'smpps' : 'smpp'}://${host.includes(':') ? `[${host}]` : host}:${port}`];
  },
  create: (settings) => new SmppProvider(settings),
};
