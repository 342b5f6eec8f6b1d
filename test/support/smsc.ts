import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';

/** The used part of the package `smpp`, which has no types. */
interface Pdu {
  readonly command: string;
  readonly system_id?: string;
  readonly password?: string;
  readonly source_addr?: string;
  readonly destination_addr?: string;
  readonly short_message?: { readonly message: string | Buffer };
  readonly registered_delivery?: number;
  response(fields?: object): Pdu;
}
interface Session {
  on(event: string, listener: (pdu: Pdu) => void): void;
  send(pdu: Pdu): void;
  deliver_sm(fields: object): void;
  destroy(): void;
}
interface Smpp {
  readonly ESME_RBINDFAIL: number;
  readonly ESME_RINVDSTADR: number;
  createServer(onSession: (session: Session) => void): Server;
}
const smpp = createRequire(import.meta.url)('smpp') as Smpp;

/** An SMS that the SMS centre received, or one part of it. */
export interface SubmittedText {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/**
 * A plain SMS centre over SMPP 3.4 that accepts every SMS and reports immediately. Numbers ending in `0404` are
 * unreachable, and those ending in `0400` are refused.
 */
export interface Smsc {
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly submitted: SubmittedText[];
  /** Resolves once a client has bound. */
  readonly bound: Promise<void>;
  /** Delivers an inbound SMS. */
  handIn(from: string, to: string, text: string): void;
  close(): Promise<void>;
}

/** Delivery receipt and UCS-2 in SMPP 3.4 (5.2.12, 5.2.19). */
const ESM_RECEIPT = 4;
const UCS2 = 8;

export async function startSmsc(): Promise<Smsc> {
  const systemId = 'bellhop';
  const password = 'smsc-pw';
  const submitted: SubmittedText[] = [];
  const sessions = new Set<Session>();
  let count = 0;
  let onBound: () => void = () => undefined;
  const bound = new Promise<void>((resolve) => (onBound = resolve));

  const server = smpp.createServer((session) => {
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
    session.on('bind_transceiver', (pdu) => {
      if (pdu.system_id !== systemId || pdu.password !== password) {
        session.send(pdu.response({ command_status: smpp.ESME_RBINDFAIL }));
        return;
      }
      session.send(pdu.response());
      sessions.add(session);
      onBound();
    });
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu) => {
      const { source_addr: from = '', destination_addr: to = '', short_message } = pdu;
      if (to.endsWith('0400')) {
        session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
        return;
      }
      count += 1;
      const id = String(count).padStart(10, '0');
      submitted.push({ from, to, text: String(short_message?.message ?? '') });
      session.send(pdu.response({ message_id: id }));
      if (((pdu.registered_delivery ?? 0) & 3) === 0) return;
      const [dlvrd, stat, err] = to.endsWith('0404') ? ['000', 'UNDELIV', '001'] : ['001', 'DELIVRD', '000'];
      const dates = 'submit date:2601020304 done date:2601020305';
      session.deliver_sm({
        source_addr: to,
        destination_addr: from,
        esm_class: ESM_RECEIPT,
        short_message: `id:${id} sub:001 dlvrd:${dlvrd} ${dates} stat:${stat} err:${err} text:`,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    systemId,
    password,
    submitted,
    bound,
    handIn: (from, to, text) => {
      const [session] = sessions;
      if (!session) throw new Error('No client is bound.');
      session.deliver_sm({ source_addr: from, destination_addr: to, data_coding: UCS2, short_message: text });
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}
