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
 * A bind of an account. It is established on first use and again on use after a loss. During the delay after a failed
 * attempt, callers get the last fault at once.
 */
export class SmppConnection {
  private link: SmppLink | undefined;
  private opening: Promise<SmppLink> | undefined;
  /** Failed attempts and lost binds since the last stable bind. */
  private failures = 0;
  private lastFault: LinkFault | BindRefused = new LinkFault('closed', false);
  private nextTryAt = 0;
  private boundAt = 0;
  private isPersistent = false;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly settings: ConnectionSettings) {}

  /**
   * Returns the bind, establishing it if necessary.
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

  /** Binds now and after each loss. */
  keepUp(): void {
    this.isPersistent = true;
    this.reconnect();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    // A pending attempt would outlive the connection.
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
      // The SMSC may have unbound immediately.
      if (link.isLost) throw new LinkFault('unbound', false);
      this.link = link;
      this.boundAt = performance.now();
      return link;
    } catch (error) {
      this.failures += 1;
      const isRefused = error instanceof BindRefused;
      // The bind may have been written, but no SMS.
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
    // The first reconnection is immediate: SMSCs close idle connections and restart.
    this.wait(new LinkFault('ECONNRESET', false), this.failures === 0 ? 0 : this.backoffMs());
    this.failures += 1;
  }

  private wait(fault: LinkFault | BindRefused, waitMs: number): void {
    this.lastFault = fault;
    this.nextTryAt = performance.now() + waitMs;
    if (!this.isPersistent || this.isClosed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.reconnect(), waitMs).unref();
  }

  private reconnect(): void {
    // Timers may fire slightly early.
    this.nextTryAt = 0;
    // The fault is kept for callers, and the next attempt is scheduled.
    this.bound().catch(() => undefined);
  }

  private backoffMs(): number {
    const { reconnectMs, maxReconnectMs } = this.settings.timings;
    return jittered(Math.min(reconnectMs * 2 ** (this.failures - 1), maxReconnectMs));
  }
}

/** Half to all of the wait, so that many processes do not reconnect at once. */
function jittered(waitMs: number): number {
  return waitMs * (0.5 + Math.random() / 2);
}
