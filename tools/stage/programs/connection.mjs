import { connect } from 'node:net';

/** @typedef {{ status: number, isDuplicate: boolean, body: string, fault?: string }} Answer */

const ANSWER_WITHIN_MS = 30_000;

/** An HTTP/1.1 connection for one request at a time; reopened when lost. */
export class Connection {
  /** @type {import('node:net').Socket | undefined} */
  #socket;
  #received = '';
  /** @type {((answer: Answer) => void) | undefined} */
  #settle;

  /** @param {{ port: number, host: string }} address @param {number} size of its requests, in bytes */
  constructor(address, size) {
    this.address = address;
    /** Buffer of the request, which is sent as a whole before the answer arrives. */
    this.buffer = Buffer.allocUnsafe(size);
  }

  /** @param {Buffer} request @returns {Promise<Answer>} never rejects */
  post(request) {
    this.#socket ??= this.#open();
    this.#received = '';
    this.#socket.write(request);
    return new Promise((resolve) => (this.#settle = resolve));
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    const socket = connect({ ...this.address, noDelay: true });
    const lose = (/** @type {string} */ fault) => {
      if (this.#socket === socket) this.#socket = undefined;
      socket.destroy();
      this.#answer({ status: 0, isDuplicate: false, body: '', fault });
    };
    socket.setEncoding('latin1');
    socket.setTimeout(ANSWER_WITHIN_MS, () => lose('no answer in time'));
    socket.on('data', (/** @type {string} */ text) => {
      this.#received += text;
      const answer = read(this.#received);
      if (answer) this.#answer(answer);
    });
    socket.on('error', (error) => lose('code' in error ? String(error.code) : error.message));
    socket.on('close', () => lose('closed'));
    return socket;
  }

  /** @param {Answer} answer */
  #answer(answer) {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(answer);
  }
}

/** @param {string} text @returns {Answer | undefined} undefined while incomplete */
function read(text) {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length === undefined)
    return { status: 0, isDuplicate: false, body: '', fault: 'an answer without a length' };
  if (text.length < headEnd + 4 + Number(length)) return undefined;
  return {
    status: Number(text.slice(9, 12)),
    isDuplicate: text.includes('"duplicate":true', headEnd),
    body: text.slice(headEnd + 4),
  };
}
