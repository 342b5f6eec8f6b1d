import type { Pdu } from 'smpp';
import type { ReceiptIdFormat, SmppAlphabet } from './smpp-settings.js';
import type { VendorListener } from '../callback.js';
import { numberIn, readDelivered, stringIn, textOf, tlvString } from './delivered-sms.js';
import { PartJoiner } from './part-joiner.js';
import { senderNumber } from './smpp-address.js';
import { smpp } from './smpp-package.js';
import { isReceipt, receiptOf } from './smpp-receipt.js';

const { ESME_ROK = 0x00, ESME_RX_T_APPN = 0x64 } = smpp.errors;
/** Texts that may be incomplete at once. */
const MAX_INCOMPLETE_TEXTS = 1_000;

interface InboxSettings {
  readonly receiptIds: ReceiptIdFormat;
  readonly alphabet: SmppAlphabet;
  readonly partsMs: number;
}

/** Takes what a centre delivers: receipts, and texts that people wrote. */
export class SmppInbox {
  private listener: VendorListener | undefined;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly joiner: PartJoiner;

  constructor(private readonly settings: InboxSettings) {
    this.joiner = new PartJoiner((text) => this.listening().inbound([text]), {
      partsMs: settings.partsMs,
      maxTexts: MAX_INCOMPLETE_TEXTS,
      alphabet: settings.alphabet,
    });
  }

  listen(listener: VendorListener): void {
    this.listener = listener;
  }

  /**
   * Never rejects.
   *
   * @returns the status to answer with: taken, or to be delivered again.
   */
  readonly take = async (pdu: Pdu): Promise<number> => {
    const taking = this.handOver(pdu).then(
      () => ESME_ROK,
      () => ESME_RX_T_APPN,
    );
    this.underWay.add(taking);
    const status = await taking;
    this.underWay.delete(taking);
    return status;
  };

  /** Waits until nothing is under way, and hands over the parts that still wait for others. */
  async close(): Promise<void> {
    await Promise.all(this.underWay);
    await this.joiner.flush();
  }

  private async handOver(pdu: Pdu): Promise<void> {
    const delivered = readDelivered(pdu);
    if (isReceipt(pdu, delivered)) {
      const receipt = receiptOf(pdu, delivered, this.settings.receiptIds);
      // One that cannot be read would be no clearer the next time.
      if (receipt) await this.listening().receipts([receipt]);
      return;
    }
    // Acknowledgements by the phone, which we never ask for.
    if (delivered.kind !== 0) return;
    const { octets, dataCoding, place } = delivered;
    const text = {
      from: senderNumber(stringIn(pdu['source_addr']), numberIn(pdu['source_addr_ton']) ?? 0),
      to: stringIn(pdu['destination_addr']) || null,
      vendorMessageId: tlvString(pdu, 'receipted_message_id') ?? null,
    };
    if (place) await this.joiner.add({ ...text, octets, dataCoding, place });
    else
      await this.listening().inbound([{ ...text, text: textOf(octets, dataCoding, this.settings.alphabet) }]);
  }

  private listening(): VendorListener {
    if (!this.listener) throw new Error('nobody listens here');
    return this.listener;
  }
}
