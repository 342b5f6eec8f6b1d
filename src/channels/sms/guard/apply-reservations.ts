import type { CounterKey, Limit } from './limits-of.js';

/** The count of a limit within its window. */
export interface Counter {
  readonly texts: number;
  readonly costMicros: number;
  /** The warning and the alarm were already raised within the window. */
  readonly warned: boolean;
  readonly stopped: boolean;
}

/** The increment of a counter. */
export interface CounterChange extends Counter {
  readonly limit: Limit;
}

/** One SMS to be sent. */
export interface ReservationRequest {
  readonly limits: readonly Limit[];
  readonly costMicros: number;
}

/** An event to report: a limit is near, has stopped an SMS, or would have without `breakGlass`. */
export interface Raised {
  readonly what: 'near' | 'stopped' | 'overrun';
  readonly limit: Limit;
  readonly used: number;
}

export interface Applied {
  /** The limit that stops each request; undefined: allowed. */
  readonly stoppedBy: readonly (Limit | undefined)[];
  readonly changes: readonly CounterChange[];
  readonly raised: readonly Raised[];
}

/** Share of a limit at which the warning is raised. */
const NEAR_PERCENT = 80;

/** Unique within an app, as no scope contains a space. */
export const counterId = ({ scope, key }: CounterKey): string => `${scope} ${key}`;

/**
 * Decides requests in order: each is counted under all of its limits, or stopped by the first exceeded limit and counted
 * under none.
 *
 * @param known the current counters by `counterId`; a missing one is zero.
 * @param breakGlass allows everything, and still counts it.
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
      // A limit with several keys is reported once.
      if (!tally.add(costMicros) || near.has(limit.name)) continue;
      near.add(limit.name);
      raised.push({ what: 'near', limit, used: tally.used });
    }
    return undefined;
  });
  return { stoppedBy, changes: [...tallies.values()].flatMap((tally) => tally.change ?? []), raised };
}

/** A counter during a batch: its known value and the increments. */
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

  /** The increment to write, if any. */
  get change(): CounterChange | undefined {
    const { limit, texts, costMicros, warned, stopped } = this;
    return texts > 0 || stopped ? { limit, texts, costMicros, warned, stopped } : undefined;
  }

  /** @returns whether to raise the warning. */
  add(costMicros: number): boolean {
    this.texts += 1;
    this.costMicros += costMicros;
    if (this.known.warned || this.warned || this.used * 100 < this.limit.most * NEAR_PERCENT) return false;
    this.warned = true;
    return true;
  }

  /** @returns whether to raise the alarm. */
  stop(): boolean {
    if (this.known.stopped || this.stopped) return false;
    this.stopped = true;
    return true;
  }
}
