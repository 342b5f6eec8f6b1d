import { setTimeout as sleep } from 'node:timers/promises';
import { hear, startScript, stop } from './children.mjs';

export const LATENCY_MS = 50;
const PROGRAM = new URL('./programs/vendor-stand-in.mjs', import.meta.url);
const PROGRESS_WITHIN_MS = 30_000;

/** The vendor stand-in of every gateway here: a process that answers like FCM. */
export class Vendor {
  /** @param {import('node:child_process').ChildProcess} child @param {number} port */
  constructor(child, port) {
    this.child = child;
    this.pid = child.pid ?? 0;
    this.url = `https://localhost:${port}`;
  }

  static async start() {
    const child = startScript(PROGRAM, { env: { LATENCY_MS: String(LATENCY_MS) } });
    /** @type {{ port: number }} */
    const { port } = await hear(child);
    return new Vendor(child, port);
  }

  /** @returns {Promise<number>} messages accepted since the last `taken()` */
  progress() {
    return hear(this.child, 'progress');
  }

  /** Waits until it has accepted `count` messages, or none for 30 s. @param {number} count */
  async until(count) {
    let seen = await this.progress();
    let seenAt = Date.now();
    while (seen < count && Date.now() - seenAt < PROGRESS_WITHIN_MS) {
      await sleep(20);
      const progress = await this.progress();
      if (progress !== seen) seenAt = Date.now();
      seen = progress;
    }
  }

  /** @returns {Promise<import('./programs/vendor-stand-in.mjs').Taken>} everything accepted since the last call */
  taken() {
    return hear(this.child, 'taken');
  }

  /** @param {import('./programs/vendor-stand-in.mjs').Behaviour} behaviour from now on */
  async behave(behaviour) {
    await hear(this.child, behaviour);
  }

  stop() {
    return stop(this.child);
  }
}
