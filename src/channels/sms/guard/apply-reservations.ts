import type { CounterKey, Limit } from './limits-of.js';

/** What has been counted within a window. */
export interface Counter {
  readonly texts: number;
  readonly costMicros: number;
  /** The warning, and the alarm, have been raised within it. */
  readonly warned: boolean;
  readonly stopped: boolean;
}

/** What is to be added to a counter. */
export interface CounterChange extends Counter {
  readonly limit: Limit;
}

/** One text that wants to be sent. */
export interface ReservationRequest {
  readonly limits: readonly Limit[];
  readonly costMicros: number;
}

/** What is to be told: a limit is near, it has stopped a text, or it would have, had the glass not been broken. */
export interface Raised {
  readonly what: 'near' | 'stopped' | 'overrun';
  readonly limit: Limit;
  readonly used: number;
}

export interface Applied {
  /** By which limit each of the texts is stopped; undefined: it may go. */
  readonly stoppedBy: readonly (Limit | undefined)[];
  readonly changes: readonly CounterChange[];
  readonly raised: readonly Raised[];
}

/** The share of a limit, in per cent, at which it is near. */
const NEAR_PERCENT = 80;

/** Names a counter of an app. No scope has a space. */
export const counterId = ({ scope, key }: CounterKey): string => `${scope} ${key}`;

/**
 * Decides about texts in their order: each is counted under all of its limits, or stopped by the first that has no
 * room for it and counted under none.
 *
 * @param known what is counted so far, by `counterId`; what is not in it has nothing.
 * @param breakGlass lets everything go, and counts on.
 */
export function applyReservations(
  known: ReadonlyMap<string, Counter | undefined>,
  requests: readonly ReservationRequest[],
  breakGlass: boolean,
): Applied {
  const tallies = new Map<string, Tally>();
  const raised: Raised[] = [];
  const tallyOf = (limit: Limit): Tally => {
    const id = counterId(limit);
    const tally = tallies.get(id) ?? new Tally(limit, known.get(id));
    tallies.set(id, tally);
    return tally;
  };
  const stoppedBy = requests.map(({ limits, costMicros }) => {
    const full = limits.find((limit) => tallyOf(limit).used + limit.amount > limit.most);
    if (full) {
      const tally = tallyOf(full);
      if (breakGlass) raised.push({ what: 'overrun', limit: full, used: tally.used });
      else if (tally.stop()) raised.push({ what: 'stopped', limit: full, used: tally.used });
      if (!breakGlass) return full;
    }
    const near = new Set<string>();
    for (const limit of limits) {
      const tally = tallyOf(limit);
      // A limit that counts by several keys is told of once.
      if (!tally.add(costMicros) || near.has(limit.name)) continue;
      near.add(limit.name);
      raised.push({ what: 'near', limit, used: tally.used });
    }
    return undefined;
  });
  return { stoppedBy, changes: [...tallies.values()].flatMap((tally) => tally.change ?? []), raised };
}

/** A counter while a batch is being counted: what was known of it, and what is added. */
class Tally {
  private texts = 0;
  private costMicros = 0;
  private warned = false;
  private stopped = false;

  constructor(
    private readonly limit: Limit,
    private readonly known: Counter = { texts: 0, costMicros: 0, warned: false, stopped: false },
  ) {}

  get used(): number {
    return this.limit.unit === 'texts'
      ? this.known.texts + this.texts
      : this.known.costMicros + this.costMicros;
  }

  /** What there is to write, if anything. */
  get change(): CounterChange | undefined {
    const { limit, texts, costMicros, warned, stopped } = this;
    return texts > 0 || stopped ? { limit, texts, costMicros, warned, stopped } : undefined;
  }

  /** @returns whether that is to be warned of. */
  add(costMicros: number): boolean {
    this.texts += 1;
    this.costMicros += costMicros;
    if (this.known.warned || this.warned || this.used * 100 < this.limit.most * NEAR_PERCENT) return false;
    this.warned = true;
    return true;
  }

  /** @returns whether nobody has raised the alarm yet. */
  stop(): boolean {
    if (this.known.stopped || this.stopped) return false;
    this.stopped = true;
    return true;
  }
}
