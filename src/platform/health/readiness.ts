import { Injectable } from '@nestjs/common';

/** Whether this process accepts work; a shutdown clears it first. */
@Injectable()
export class Readiness {
  private stopping = false;
  private readonly listeners: (() => void)[] = [];

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Calls back at the first sign of a stop, for work that would outlast it. */
  onStop(listener: () => void): void {
    this.listeners.push(listener);
  }

  stop(): void {
    this.stopping = true;
    for (const listener of this.listeners.splice(0)) listener();
  }
}
