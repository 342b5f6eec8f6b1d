import { useSyncExternalStore } from 'react';

/** One clock for all components that want the same interval; it stands still while nobody looks. */
class Clock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private nowMs = Date.now();

  constructor(private readonly everyMs: number) {}

  readonly now = (): number => this.nowMs;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.timer === undefined) {
      this.nowMs = Date.now();
      this.timer = setInterval(() => this.tick(), this.everyMs);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };

  private tick(): void {
    this.nowMs = Date.now();
    for (const listener of this.listeners) listener();
  }
}

const clocks = new Map<number, Clock>();

/** The time, in ms since 1970, brought up to date at this interval. */
export function useNow(everyMs: number): number {
  const clock = clocks.get(everyMs) ?? new Clock(everyMs);
  clocks.set(everyMs, clock);
  return useSyncExternalStore(clock.subscribe, clock.now);
}
