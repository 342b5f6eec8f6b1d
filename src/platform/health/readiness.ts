import { Injectable } from '@nestjs/common';

/** Whether this process accepts work; a shutdown clears it first. */
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
