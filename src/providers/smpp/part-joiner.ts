import type { SmppAlphabet } from './smpp-settings.js';
import type { InboundSms } from '../callback.js';
import { textOf, type PartPlace } from './delivered-sms.js';

/** A part of an inbound SMS. */
export interface InboundPart extends Omit<InboundSms, 'text'> {
  readonly octets: Buffer;
  readonly dataCoding: number;
  readonly place: PartPlace;
}

interface Group {
  readonly parts: Map<number, InboundPart>;
  timer: NodeJS.Timeout | undefined;
  /** Failed attempts to deliver it incomplete. */
  failures: number;
}

export interface JoinerLimits {
  /** Maximum wait for missing parts, in milliseconds. */
  readonly partsMs: number;
  /** Maximum incomplete SMS; beyond it, the oldest is delivered as it is. */
  readonly maxIncomplete: number;
  /** The SMSC's default alphabet. */
  readonly alphabet?: SmppAlphabet | undefined;
}

/** Maximum attempts to deliver an incomplete SMS, whose parts are already acknowledged to the SMSC. */
const MAX_FAILURES = 10;

/**
 * Joins the parts of inbound SMS. SMSCs often deliver one message at a time and wait for the response, so a part is
 * acknowledged on arrival; only the part that completes the SMS waits for its delivery. Parts are kept in memory: they
 * are lost if the process is killed, and parts that reach different processes are not joined.
 */
export class PartJoiner {
  private readonly groups = new Map<string, Group>();

  constructor(
    private readonly onComplete: (sms: InboundSms) => Promise<void>,
    private readonly limits: JoinerLimits,
  ) {}

  /** Rejects if the completed SMS could not be delivered; the SMSC then sends this part again. */
  async add(part: InboundPart): Promise<void> {
    const { reference, total, number } = part.place;
    const key = JSON.stringify([part.from, part.to, reference, total]);
    const group = this.groups.get(key) ?? { parts: new Map(), timer: undefined, failures: 0 };
    group.parts.set(number, part);
    this.forget(key, group);
    if (group.parts.size < total) {
      this.keep(key, group);
      return;
    }
    try {
      await this.onComplete(joined(group, this.limits.alphabet));
    } catch (error) {
      group.parts.delete(number);
      this.keep(key, group);
      throw error;
    }
  }

  /** Delivers all incomplete SMS. */
  async flush(): Promise<void> {
    await Promise.all([...this.groups].map(([key, group]) => this.discard(key, group)));
  }

  private keep(key: string, group: Group): void {
    this.groups.set(key, group);
    group.timer = setTimeout(() => void this.discard(key, group), this.limits.partsMs).unref();
    const [oldest] = this.groups;
    if (this.groups.size > this.limits.maxIncomplete && oldest) void this.discard(...oldest);
  }

  private forget(key: string, group: Group): void {
    clearTimeout(group.timer);
    this.groups.delete(key);
  }

  /** Delivers an SMS whose other parts did not arrive. */
  private async discard(key: string, group: Group): Promise<void> {
    this.forget(key, group);
    try {
      await this.onComplete(joined(group, this.limits.alphabet));
    } catch {
      group.failures += 1;
      // Dropped if parts of a new SMS with the same reference arrived meanwhile.
      if (group.failures < MAX_FAILURES && !this.groups.has(key)) this.keep(key, group);
    }
  }
}

function joined({ parts }: Group, alphabet?: SmppAlphabet): InboundSms {
  const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  const [first] = inOrder;
  if (!first) throw new Error('an SMS has at least one part');
  const { from, to, vendorMessageId, dataCoding } = first;
  // Octets are joined before decoding because parts may split a character; parts in different alphabets are decoded
  // separately.
  const text = inOrder.every((part) => part.dataCoding === dataCoding)
    ? textOf(Buffer.concat(inOrder.map(({ octets }) => octets)), dataCoding, alphabet)
    : inOrder.map((part) => textOf(part.octets, part.dataCoding, alphabet)).join('');
  return { from, to, text, vendorMessageId };
}
