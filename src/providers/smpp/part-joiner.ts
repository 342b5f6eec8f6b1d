import type { SmppAlphabet } from './smpp-settings.js';
import type { InboundSms } from '../callback.js';
import { textOf, type PartPlace } from './delivered-sms.js';

/** A part of a text that somebody wrote. */
export interface InboundPart extends Omit<InboundSms, 'text'> {
  readonly octets: Buffer;
  readonly dataCoding: number;
  readonly place: PartPlace;
}

interface Group {
  readonly parts: Map<number, InboundPart>;
  timer: NodeJS.Timeout | undefined;
  /** How often it has been handed over incomplete, in vain. */
  failures: number;
}

export interface JoinerLimits {
  /** How long parts wait for each other, in milliseconds. */
  readonly partsMs: number;
  /** Texts that may be incomplete at once; the oldest is handed over as it is. */
  readonly maxTexts: number;
  /** The centre's own alphabet. */
  readonly alphabet?: SmppAlphabet | undefined;
}

/** Incomplete texts whose parts the centre knows as taken are offered so often. */
const MAX_FAILURES = 10;

/**
 * Joins the parts of texts that come in. Centres often hand over one message at a time, and wait for its answer: so a
 * part is taken as soon as it is here, and only the one that completes the text is taken when the text is. Parts live
 * in memory: what a process holds that is killed is lost, and parts that reach different processes stay apart.
 */
export class PartJoiner {
  private readonly groups = new Map<string, Group>();

  constructor(
    private readonly handOver: (text: InboundSms) => Promise<void>,
    private readonly limits: JoinerLimits,
  ) {}

  /** Rejects where it completes a text that is not taken: then this part is to be sent again. */
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
      await this.handOver(joined(group, this.limits.alphabet));
    } catch (error) {
      group.parts.delete(number);
      this.keep(key, group);
      throw error;
    }
  }

  /** Hands everything over as it is. */
  async flush(): Promise<void> {
    await Promise.all([...this.groups].map(([key, group]) => this.discard(key, group)));
  }

  private keep(key: string, group: Group): void {
    this.groups.set(key, group);
    group.timer = setTimeout(() => void this.discard(key, group), this.limits.partsMs).unref();
    const [oldest] = this.groups;
    if (this.groups.size > this.limits.maxTexts && oldest) void this.discard(...oldest);
  }

  private forget(key: string, group: Group): void {
    clearTimeout(group.timer);
    this.groups.delete(key);
  }

  /** The other parts never came. */
  private async discard(key: string, group: Group): Promise<void> {
    this.forget(key, group);
    try {
      await this.handOver(joined(group, this.limits.alphabet));
    } catch {
      group.failures += 1;
      // Not where parts of a new text under the same number have come meanwhile.
      if (group.failures < MAX_FAILURES && !this.groups.has(key)) this.keep(key, group);
    }
  }
}

function joined({ parts }: Group, alphabet?: SmppAlphabet): InboundSms {
  const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  const [first] = inOrder;
  if (!first) throw new Error('a text has at least one part');
  const { from, to, vendorMessageId, dataCoding } = first;
  // Octets before characters: others cut within them. Parts in different alphabets are read each by itself.
  const text = inOrder.every((part) => part.dataCoding === dataCoding)
    ? textOf(Buffer.concat(inOrder.map(({ octets }) => octets)), dataCoding, alphabet)
    : inOrder.map((part) => textOf(part.octets, part.dataCoding, alphabet)).join('');
  return { from, to, text, vendorMessageId };
}
