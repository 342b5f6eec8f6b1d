import type { Pdu } from 'smpp';
import type { ReceiptIdFormat, SmppAlphabet } from './smpp-settings.js';
import type { VendorListener } from '../callback.js';
import { numberIn, readDelivered, stringIn, textOf, tlvString } from './delivered-sms.js';
import { PartJoiner } from './part-joiner.js';
import { senderNumber } from './smpp-address.js';
import { smpp } from './smpp-package.js';
import { isReceipt, receiptOf } from './smpp-receipt.js';

const { ESME_ROK = 0x00, ESME_RX_T_APPN = 0x64 } = smpp.errors;
/** Maximum incomplete inbound SMS. */
const MAX_INCOMPLETE_SMS = 1_000;

interface InboxSettings {
  readonly receiptIds: ReceiptIdFormat;
  readonly alphabet: SmppAlphabet;
  readonly partsMs: number;
}

/** Receives an SMSC's delivery reports and inbound SMS. */
export class SmppInbox {
  private listener: VendorListener | undefined;
  private readonly pending = new Set<Promise<unknown>>();
  private readonly joiner: PartJoiner;

  constructor(private readonly settings: InboxSettings) {
    this.joiner = new PartJoiner((sms) => this.listening().inbound([sms]), {
      partsMs: settings.partsMs,
      maxIncomplete: MAX_INCOMPLETE_SMS,
      alphabet: settings.alphabet,
    });
  }

  listen(listener: VendorListener): void {
    this.listener = listener;
  }

  /**
   * Never rejects.
   *
   * @returns the response status: accepted, or to be delivered again.
   */
  readonly take = async (pdu: Pdu): Promise<number> => {
    const answering = this.handOver(pdu).then(
      () => ESME_ROK,
      () => ESME_RX_T_APPN,
    );
    this.pending.add(answering);
    const status = await answering;
    this.pending.delete(answering);
    return status;
  };

  /** Waits for pending messages, then delivers incomplete SMS. */
  async close(): Promise<void> {
    await Promise.all(this.pending);
    await this.joiner.flush();
  }

  private async handOver(pdu: Pdu): Promise<void> {
    const delivered = readDelivered(pdu);
    if (isReceipt(pdu, delivered)) {
      const report = receiptOf(pdu, delivered, this.settings.receiptIds);
      // An unreadable delivery report is acknowledged: repeating it would not help.
      if (report) await this.listening().reports([report]);
      return;
    }
    // Phone acknowledgements, which we never request.
    if (delivered.kind !== 0) return;
    const { octets, dataCoding, place } = delivered;
    const sms = {
      from: senderNumber(stringIn(pdu['source_addr']), numberIn(pdu['source_addr_ton']) ?? 0),
      to: stringIn(pdu['destination_addr']) || null,
      vendorMessageId: tlvString(pdu, 'receipted_message_id') ?? null,
    };
    if (place) await this.joiner.add({ ...sms, octets, dataCoding, place });
    else
      await this.listening().inbound([{ ...sms, text: textOf(octets, dataCoding, this.settings.alphabet) }]);
  }

  private listening(): VendorListener {
    if (!this.listener) throw new Error('listen() has not been called');
    return this.listener;
  }
}
