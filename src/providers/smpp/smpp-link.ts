import type { Socket } from 'node:net';
import type { Pdu, Session } from 'smpp';
import { faultCode } from '../http-client/http-call.js';
import { statusName } from './smpp-errors.js';
import { BindRefused, LinkFault } from './smpp-faults.js';
import { smpp } from './smpp-package.js';
import type { SmppTimings } from './smpp-timings.js';

const INTERFACE_VERSION = 0x34; // SMPP 3.4

export interface LinkEvents {
  /** A `deliver_sm` or `data_sm` arrived. @returns the response status. */
  readonly onDelivered: (pdu: Pdu) => Promise<number>;
  /** The link accepts no more requests. Called once. */
  readonly onLost: (link: SmppLink) => void;
}

/** Direction of a connection: sending, receiving, or both. */
export type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver';

export interface BindRequest {
  readonly command: BindCommand;
  readonly system_id: string;
  readonly password: string;
  readonly system_type: string;
}

/** A bound connection. */
export class SmppLink {
  /** Why the link was lost. */
  private lost: string | undefined;
  private readonly session: Session;
  private readonly unanswered = new Set<(code: string) => void>();
  private enquiring: NodeJS.Timeout | undefined;
  private isProbing = false;

  private constructor(
    private readonly socket: Socket,
    private readonly timings: Pick<SmppTimings, 'enquireMs' | 'answerMs'>,
    private readonly events: LinkEvents,
  ) {
    // Registered before the session's listener, which does not distinguish connection faults from protocol errors.
    socket.on('error', (error) => this.lose(faultCode(error)));
    this.session = new smpp.Session({ socket });
    this.session.on('error', () => this.lose('invalid_answer'));
    this.session.on('close', () => this.lose('ECONNRESET'));
    this.session.on('deliver_sm', (pdu: Pdu) => void this.answerDelivered(pdu));
    this.session.on('data_sm', (pdu: Pdu) => void this.answerDelivered(pdu));
    this.session.on('enquire_link', (pdu: Pdu) => this.session.send(pdu.response()));
    this.session.on('unknown', (pdu: Pdu) => pdu.isResponse() || this.session.send(pdu.response()));
    this.session.on('unbind', (pdu: Pdu) => {
      this.session.send(pdu.response());
      this.lose('unbound');
    });
  }

  /**
   * Binds over a new connection.
   *
   * @throws BindRefused, LinkFault
   */
  static async bind(
    socket: Socket,
    { command, ...request }: BindRequest,
    timings: Pick<SmppTimings, 'enquireMs' | 'answerMs'>,
    events: LinkEvents,
  ): Promise<SmppLink> {
    const link = new SmppLink(socket, timings, events);
    const fields = { ...request, interface_version: INTERFACE_VERSION };
    try {
      const { command_status } = await link.request(command, fields, timings.answerMs);
      if (command_status !== 0) throw new BindRefused(statusName(command_status));
    } catch (error) {
      link.lose('closed');
      throw error;
    }
    link.enquiring = setInterval(() => link.probe(), timings.enquireMs).unref();
    return link;
  }

  get isLost(): boolean {
    return this.lost !== undefined;
  }

  /**
   * Sends a request and waits for its response, whatever the status.
   *
   * @throws LinkFault
   */
  request(command: string, fields: Readonly<Record<string, unknown>>, timeoutMs: number): Promise<Pdu> {
    return new Promise((resolve, reject) => {
      if (this.lost !== undefined) {
        reject(new LinkFault(this.lost, false));
        return;
      }
      const settle = (): void => {
        clearTimeout(timer);
        this.unanswered.delete(fail);
      };
      const fail = (code: string, written = true): void => {
        settle();
        reject(new LinkFault(code, written));
      };
      const timer = setTimeout(() => {
        fail('timeout');
        this.probe();
      }, timeoutMs).unref();
      this.unanswered.add(fail);
      const isWritten = this.session.send(new smpp.PDU(command, fields), (answer) => {
        settle();
        resolve(answer);
      });
      if (!isWritten) fail('ECONNRESET', false);
    });
  }

  /** Drops the link after the SMSC reported that it is not bound. */
  forget(): void {
    this.lose('unbound');
  }

  /** Unbinds and disconnects once no request is pending. */
  async close(): Promise<void> {
    // The connection is closed with or without a response.
    await this.request('unbind', {}, this.timings.answerMs).catch(() => undefined);
    this.lose('closed');
  }

  /** Checks whether the SMSC responds; otherwise the connection is lost even if the socket is open. */
  private probe(): void {
    if (this.isProbing || this.lost !== undefined) return;
    this.isProbing = true;
    this.request('enquire_link', {}, this.timings.answerMs).then(
      () => (this.isProbing = false),
      () => this.lose('timeout'),
    );
  }

  private async answerDelivered(pdu: Pdu): Promise<void> {
    const command_status = await this.events.onDelivered(pdu);
    this.session.send(pdu.response({ command_status }));
  }

  private lose(code: string): void {
    if (this.lost !== undefined) return;
    this.lost = code;
    clearInterval(this.enquiring);
    for (const fail of [...this.unanswered]) fail(code);
    // Written data, such as the response to an unbind, is still sent.
    if (code === 'timeout') this.socket.destroy();
    else this.socket.destroySoon();
    this.events.onLost(this);
  }
}
