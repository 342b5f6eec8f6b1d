import type { Pdu } from 'smpp';
import { faultCode } from '../http-client/http-call.js';
import { bindVerdict } from './smpp-errors.js';
import { BindRefused, LinkFault } from './smpp-faults.js';
import { SmppLink, type BindRequest } from './smpp-link.js';
import { openSocket, type SmppEndpoint } from './smpp-socket.js';
import type { SmppTimings } from './smpp-timings.js';

export interface ConnectionSettings {
  readonly endpoint: SmppEndpoint;
  readonly bind: BindRequest;
  readonly timings: SmppTimings;
  readonly onDelivered: (pdu: Pdu) => Promise<number>;
}

/**
 * One bind of an account. It is made when it is first asked for, and again whenever it is asked for after it was
 * lost; between tries that fail it waits, and whoever asks meanwhile is told at once what the last try came to.
 */
export class SmppConnection {
  private link: SmppLink | undefined;
  private opening: Promise<SmppLink> | undefined;
  /** Tries, or binds that did not hold, since it was last well. */
  private failures = 0;
  private lastFault: LinkFault | BindRefused = new LinkFault('closed', false);
  private nextTryAt = 0;
  private boundAt = 0;
  private isKeptUp = false;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly settings: ConnectionSettings) {}

  /**
   * The bind, made where there is none.
   *
   * @throws LinkFault, never `written`, and BindRefused
   */
  async bound(): Promise<SmppLink> {
    if (this.isClosed) throw new LinkFault('closed', false);
    if (this.link) return this.link;
    if (!this.opening && performance.now() < this.nextTryAt) throw this.lastFault;
    this.opening ??= this.open();
    return this.opening;
  }

  /** Binds now, and again whenever the bind is lost. */
  keepUp(): void {
    this.isKeptUp = true;
    this.tryAgain();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    // A try that is under way would outlive us.
    await this.opening?.catch(() => undefined);
    await this.link?.close();
  }

  private async open(): Promise<SmppLink> {
    const { endpoint, bind, timings, onDelivered } = this.settings;
    try {
      const socket = await openSocket(endpoint);
      const link = await SmppLink.bind(socket, bind, timings, {
        onDelivered,
        onLost: (lost) => this.onLost(lost),
      });
      // The centre may have unbound in the same breath.
      if (link.isLost) throw new LinkFault('unbound', false);
      this.link = link;
      this.boundAt = performance.now();
      return link;
    } catch (error) {
      this.failures += 1;
      const isRefused = error instanceof BindRefused;
      // The bind may have been written; no text was.
      const fault = isRefused
        ? error
        : new LinkFault(error instanceof LinkFault ? error.code : faultCode(error), false);
      const isFinal = isRefused && bindVerdict(error.status).action === 'stop';
      this.wait(fault, isFinal ? jittered(timings.refusedMs) : this.backoffMs());
      throw fault;
    } finally {
      this.opening = undefined;
    }
  }

  private onLost(link: SmppLink): void {
    if (link !== this.link) return;
    this.link = undefined;
    if (performance.now() - this.boundAt >= this.settings.timings.stableMs) this.failures = 0;
    // The first loss is made up for at once: centres close connections that idle, and when they are restarted.
    this.wait(new LinkFault('ECONNRESET', false), this.failures === 0 ? 0 : this.backoffMs());
    this.failures += 1;
  }

  private wait(fault: LinkFault | BindRefused, waitMs: number): void {
    this.lastFault = fault;
    this.nextTryAt = performance.now() + waitMs;
    if (!this.isKeptUp || this.isClosed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.tryAgain(), waitMs).unref();
  }

  private tryAgain(): void {
    // Timers may be early by a hair.
    this.nextTryAt = 0;
    // What it came to is kept for whoever asks, and the next try is planned.
    this.bound().catch(() => undefined);
  }

  private backoffMs(): number {
    const { reconnectMs, maxReconnectMs } = this.settings.timings;
    return jittered(Math.min(reconnectMs * 2 ** (this.failures - 1), maxReconnectMs));
  }
}

/** Between a half of it and all of it, so that many processes do not come back at once. */
function jittered(waitMs: number): number {
  return waitMs * (0.5 + Math.random() / 2);
}
