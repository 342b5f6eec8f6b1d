/** The used parts of `smpp`, which has no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  /** A PDU; its fields and TLVs are properties with the protocol's names. */
  export interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    isResponse(): boolean;
    response(fields?: Readonly<Record<string, unknown>>): Pdu;
    toBuffer(): Buffer;
  }

  /** Emits `error`, `close`, and each received PDU by command name or as `unknown`. */
  export interface Session extends EventEmitter {
    readonly socket: Socket;
    /** @returns false if the socket is no longer writable. */
    send(pdu: Pdu, onAnswer?: (answer: Pdu) => void): boolean;
  }

  export interface FieldDefinition {
    readonly type: object;
    readonly default?: unknown;
    readonly filter?: unknown;
  }

  interface CommandDefinition {
    readonly id: number;
    readonly params: Readonly<Record<string, FieldDefinition>>;
  }

  const smpp: {
    readonly Session: new (options: { readonly socket: Socket }) => Session;
    readonly PDU: new (command: string, fields?: Readonly<Record<string, unknown>>) => Pdu;
    readonly commands: Readonly<
      Record<'submit_sm' | 'deliver_sm' | 'data_sm', CommandDefinition> & Record<string, CommandDefinition>
    >;
    readonly types: { readonly buffer: object; readonly tlv: { readonly buffer: object } };
    /** Numbers of `command_status` by name. */
    readonly errors: Readonly<Record<string, number>>;
    readonly gsmCoder: { decode(octets: Buffer, table: number): string };
    addCommand(name: string, definition: CommandDefinition): void;
    addTLV(name: string, definition: { readonly id: number; readonly type: object }): void;
    createServer(
      options: { readonly key?: string; readonly cert?: string },
      onSession: (session: Session) => void,
    ): Server;
  };
  export default smpp;
}
