import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import type { Pdu, Session } from 'smpp';
import { keepOctets, smpp } from '../../src/providers/smpp/smpp-package.js';
import type { Scenario } from './scenario.js';
import { readSubmit, smscText, type SmscSubmit } from './smsc-rules.js';
import { TEST_CA } from './vendor-server.js';

keepOctets('submit_sm');

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** An accepted SMS, with its parts joined. */
export interface SmscText {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Message ids of its parts. */
  readonly ids: readonly string[];
  readonly submits: readonly SmscSubmit[];
}

/**
 * The answer to a valid `submit_sm`: the name of a `command_status`, or one of these behaviours. `hang` never answers,
 * `reset` drops the connection, `garbage` sends an invalid PDU, `nack` a `generic_nack`, `nameless` accepts without a
 * message id. Undefined: accepted.
 */
export type SmscAnswer = string | ((submit: SmscSubmit) => string | undefined) | undefined;

export interface SmscOptions {
  readonly tls?: boolean;
  readonly systemId?: string;
  readonly password?: string;
  readonly port?: number;
  /** Delay of each answer to a submit, in ms. */
  readonly latencyMs?: number;
  /** Submits per second before throttling. */
  readonly perSecond?: number;
  /** Format of message ids; default: eight upper-case hexadecimal digits. */
  readonly idAs?: (id: number) => string;
  /** The first message id. */
  readonly firstId?: number;
  /** Rejects `bind_transceiver`: outgoing and inbound SMS need separate connections. */
  readonly isOneWay?: boolean;
  /** Uses Latin-1 as the default alphabet. */
  readonly isLatin1?: boolean;
}

/** A strict SMS centre on the loopback interface. */
export class SmscSimulator {
  connections = 0;
  /** Binds received, accepted and refused. */
  bindRequests = 0;
  binds = 0;
  refusedBinds = 0;
  enquiries = 0;
  unbinds = 0;
  /** Number of `submit_sm` received, whatever the answer. */
  asked = 0;
  /** Maximum number of concurrent submits. */
  peak = 0;
  /** Commands of the binds received. */
  readonly boundAs: string[] = [];
  /** Names of the violations refused. */
  readonly violations: string[] = [];
  /** Complete SMS, in order. */
  readonly received: SmscText[] = [];
  /** Accepted parts, in order. */
  readonly submits: SmscSubmit[] = [];
  /** The status that refuses binds; `isDeaf`: binds are never answered. */
  bindAnswer: string | undefined;
  isDeaf = false;

  readonly systemId: string;
  readonly password: string;
  private readonly sessions = new Map<Session, { isBound: boolean; as: string }>();
  private readonly incomplete = new Map<string, { ids: string[]; submits: SmscSubmit[] }>();
  private readonly takenAt: number[] = [];
  private script: { answer: SmscAnswer; times: number } | undefined;
  private unanswered = 0;
  private nextId: number;

  private constructor(
    private readonly options: SmscOptions,
    private readonly server: Server,
  ) {
    this.systemId = options.systemId ?? 'bellhop';
    this.password = options.password ?? 'smpp-test-password';
    this.nextId = options.firstId ?? 0x00abcdef;
  }

  static async start(options: SmscOptions = {}): Promise<SmscSimulator> {
    const identity = options.tls ? { key: fixture('server.key'), cert: fixture('server.pem') } : {};
    const server = smpp.createServer(identity, (session) => simulator.serve(session));
    const simulator = new SmscSimulator(options, server);
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return simulator;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** For the setting `endpoint`. */
  get url(): string {
    return `${this.options.tls ? 'smpps' : 'smpp'}://127.0.0.1:${this.port}`;
  }

  get ca(): string | undefined {
    return this.options.tls ? TEST_CA : undefined;
  }

  /** Number of open connections. */
  get open(): number {
    return this.sessions.size;
  }

  /** All counters, for the message of a wait that times out. */
  get counts(): object {
    const { connections, open, bindRequests, binds, refusedBinds, bound, unbinds, enquiries, asked } = this;
    return { connections, open, bindRequests, binds, refusedBinds, bound, unbinds, enquiries, asked };
  }

  get bound(): number {
    return [...this.sessions.values()].filter(({ isBound }) => isBound).length;
  }

  /** Sets the answer from now on, or for the next `times` submits only. */
  answerWith(answer: SmscAnswer, times = Number.POSITIVE_INFINITY): void {
    this.script = { answer, times };
  }

  /** Sends a `deliver_sm` or another request to a bound client. @returns the name of the status in its answer. */
  deliver(fields: Readonly<Record<string, unknown>>, command = 'deliver_sm'): Promise<string> {
    return this.ask(new smpp.PDU(command, fields));
  }

  ask(request: Pdu): Promise<string> {
    const [session] =
      [...this.sessions].find(([, { isBound, as }]) => isBound && as !== 'bind_transmitter') ?? [];
    if (!session) return Promise.reject(new Error('no client is bound'));
    return new Promise((resolve, reject) => {
      session.once('close', () => reject(new Error('the connection closed')));
      session.send(request, ({ command_status }) => resolve(nameOf(command_status)));
    });
  }

  /** Sends PDUs in one write. */
  writeAll(pdus: readonly Pdu[]): void {
    this.writeOctets(Buffer.concat(pdus.map((pdu) => pdu.toBuffer())));
  }

  writeOctets(octets: Buffer): void {
    for (const session of this.sessions.keys()) session.socket.write(octets);
  }

  unbind(): void {
    for (const session of this.sessions.keys()) session.send(new smpp.PDU('unbind'));
  }

  /** Drops all connections abruptly. */
  dropConnections(): void {
    for (const { socket } of this.sessions.keys()) socket.destroy();
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.dropConnections();
    await closed;
  }

  private serve(session: Session): void {
    const state = { isBound: false, as: '' };
    this.connections += 1;
    this.sessions.set(session, state);
    session.on('error', () => session.socket.destroy());
    session.on('close', () => this.sessions.delete(session));
    session.on('enquire_link', (pdu: Pdu) => {
      this.enquiries += 1;
      if (!this.isDeaf) session.send(pdu.response());
    });
    session.on('unbind', (pdu: Pdu) => {
      this.unbinds += 1;
      session.send(pdu.response());
      session.socket.end();
    });
    const bind = (pdu: Pdu): void => {
      this.bindRequests += 1;
      state.as = pdu.command;
      this.boundAs.push(pdu.command);
      const status = this.bindAnswer ?? this.objectionTo(pdu);
      if (status === 'hang') return;
      state.isBound = status === undefined;
      if (state.isBound) this.binds += 1;
      else this.refusedBinds += 1;
      session.send(pdu.response({ command_status: codeOf(status), system_id: 'SMSC' }));
      if (!state.isBound) session.socket.end();
    };
    for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver'])
      session.on(command, bind);
    session.on('submit_sm', (pdu: Pdu) => {
      this.asked += 1;
      this.unanswered += 1;
      this.peak = Math.max(this.peak, this.unanswered);
      const answer = (): void => {
        this.unanswered -= 1;
        this.answer(session, pdu, state.isBound && state.as !== 'bind_receiver');
      };
      if (this.options.latencyMs === undefined) answer();
      else setTimeout(answer, this.options.latencyMs);
    });
  }

  private objectionTo(bind: Pdu): string | undefined {
    if (this.options.isOneWay && bind.command === 'bind_transceiver') return 'ESME_RINVCMDID';
    if (bind['system_id'] !== this.systemId) return 'ESME_RINVSYSID';
    if (bind['password'] !== this.password) return 'ESME_RINVPASWD';
    return bind['interface_version'] === 0x34 ? undefined : 'ESME_RBINDFAIL';
  }

  private answer(session: Session, pdu: Pdu, isBound: boolean): void {
    const refuse = (status: string): boolean =>
      session.send(pdu.response({ command_status: codeOf(status) }));
    if (!isBound) return void refuse('ESME_RINVBNDSTS');
    const submit = readSubmit(pdu, this.options.isLatin1);
    if (typeof submit === 'string') {
      this.violations.push(submit);
      return void refuse(submit);
    }
    const answer = this.scripted(submit) ?? this.throttled();
    switch (answer) {
      case 'hang':
        return;
      case 'reset':
        session.socket.destroy();
        return;
      case 'garbage':
        session.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
        return;
      case 'nack':
        session.send(new smpp.PDU('generic_nack', { sequence_number: pdu.sequence_number }));
        return;
      case 'nameless':
        this.take(submit);
        session.send(pdu.response());
        return;
      case undefined:
        session.send(pdu.response({ message_id: this.take(submit) }));
        return;
      default:
        refuse(answer);
    }
  }

  private scripted(submit: SmscSubmit): string | undefined {
    if (!this.script || this.script.times <= 0) return undefined;
    this.script.times -= 1;
    const { answer } = this.script;
    return typeof answer === 'function' ? answer(submit) : answer;
  }

  private throttled(): string | undefined {
    const { perSecond } = this.options;
    if (perSecond === undefined) return undefined;
    const recent = this.takenAt.filter((at) => at > Date.now() - 1_000).length;
    if (recent >= perSecond) return 'ESME_RTHROTTLED';
    this.takenAt.push(Date.now());
    return undefined;
  }

  private take(submit: SmscSubmit): string {
    const idAs = this.options.idAs ?? ((id) => id.toString(16).toUpperCase().padStart(8, '0'));
    const id = idAs(this.nextId);
    this.nextId += 1;
    this.submits.push(submit);
    const { from, to, place } = submit;
    const key = JSON.stringify([from, to, place?.reference]);
    const text = (place ? this.incomplete.get(key) : undefined) ?? { ids: [], submits: [] };
    text.ids.push(id);
    text.submits.push(submit);
    if (place && place.number !== text.submits.length) this.violations.push('parts out of order');
    if (place && text.submits.length < place.total) this.incomplete.set(key, text);
    else {
      this.incomplete.delete(key);
      const whole = Buffer.concat(text.submits.map(({ octets }) => octets));
      this.received.push({
        from: from.address,
        to: to.address,
        text: smscText(whole, submit.encoding),
        ...text,
      });
    }
    return id;
  }
}

/** The answer of an SMS centre to a submit in this scenario. */
export function smscAnswer(scenario: Scenario): SmscAnswer {
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return 'ESME_RINVDSTADR';
    case 'refuse_message':
      return 'ESME_RINVMSGLEN';
    case 'fault':
    case 'fault_told':
      return 'ESME_RSYSERR';
    case 'over_quota':
    case 'over_quota_told':
      return 'ESME_RTHROTTLED';
    case 'hang':
    case 'reset':
    case 'garbage':
      return scenario;
  }
}

function codeOf(status: string | undefined): number {
  return status === undefined ? 0 : (smpp.errors[status] ?? Number(status));
}

function nameOf(code: number): string {
  return Object.entries(smpp.errors).find(([, known]) => known === code)?.[0] ?? String(code);
}
