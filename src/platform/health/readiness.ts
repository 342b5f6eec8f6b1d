import { Injectable } from '@nestjs/common';

/** Whether this process wants to be given work; the first thing that a stop changes. */
@Injectable()
export class Readiness {
  private stopping = false;

  get isStopping(): boolean {
    return this.stopping;
  }

  stop(): void {
    this.stopping = true;
  }
}
