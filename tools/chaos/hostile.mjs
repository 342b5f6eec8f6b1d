import { connect } from 'node:net';
import { WEBHOOK } from '../stage/app.mjs';
import { goOn } from '../stage/children.mjs';
import { pause } from './pause.mjs';

/** @typedef {import('node:net').Socket} Socket */

/** Delay before a closed connection is reopened. */
const AGAIN_AFTER_MS = 500;
/** Interval between two guesses of one client. */
const GUESSES_EVERY_MS = 50;
/** Idle connections opened at once. */
const IDLE_AT_ONCE = 200;

/**
 * Hostile clients that need few resources. Floods that saturate the network or all cores are out of scope: a proxy has
 * to stop them.
 */
export class HostileClients {
  /** @type {Set<Socket>} */
  #sockets = new Set();
  /** @type {NodeJS.Timeout[]} */
  #timers = [];
  #isOver = false;

  /** @param {string} url */
  constructor(url) {
    const { hostname, port } = new URL(url);
    this.address = { host: hostname, port: Number(port) };
  }

  /** Open connections. */
  get held() {
    return this.#sockets.size;
  }

  /**
   * Opens connections and leaves them idle.
   *
   * @param {number} count
   * @param {number} everyMs pause after each 200
   */
  async idle(count, everyMs) {
    for (let opened = 0; opened < count; opened += IDLE_AT_ONCE) {
      goOn();
      const batch = Math.min(IDLE_AT_ONCE, count - opened);
      await Promise.all([...Array.from({ length: batch }, () => this.#opened()), pause(everyMs)]);
    }
  }

  /** Slowloris: sends request heads one letter at a time. @param {number} count */
  slowHeads(count) {
    this.#drip(count, 'POST /webhooks/cometchat/push HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'x');
  }

  /** Sends bodies slowly and without end. @param {number} count */
  endlessBodies(count) {
    const head = `${this.#head()}Content-Length: 1000000\r\n\r\n`;
    this.#drip(count, `${head}{"a":"`, 'x');
  }

  /** Sends chunked bodies at full speed and without end. @param {number} count */
  floodedBodies(count) {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    this.#again(count, (socket) => {
      socket.write(`${this.#head()}Transfer-Encoding: chunked\r\n\r\n`);
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', pour);
      pour();
    });
  }

  /** Sends request heads of 1 MB. @param {number} count */
  hugeHeads(count) {
    const head = `GET / HTTP/1.1\r\nHost: x\r\nX-Huge: ${'x'.repeat(1_000_000)}\r\n\r\n`;
    this.#again(count, (socket) => socket.write(head));
  }

  /** Sends requests with ever new wrong passwords. @param {number} count */
  wrongPasswords(count) {
    this.#again(count, (socket) => {
      const guess = () => {
        if (!socket.destroyed)
          socket.write(`${this.#head(String(Math.random()))}Content-Length: 2\r\n\r\n{}`);
      };
      const timer = setInterval(guess, GUESSES_EVERY_MS);
      socket.on('close', () => clearInterval(timer));
    });
  }

  end() {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** @param {string} [password] */
  #head(password = WEBHOOK.password) {
    const credentials = Buffer.from(`${WEBHOOK.username}:${password}`).toString('base64');
    return `POST /webhooks/cometchat/push HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${credentials}\r\nContent-Type: application/json\r\n`;
  }

  /** @param {number} count @param {string} first @param {string} drop */
  #drip(count, first, drop) {
    /** @type {Set<Socket>} */
    const dripping = new Set();
    this.#again(count, (socket) => {
      socket.write(first);
      dripping.add(socket);
      socket.on('close', () => dripping.delete(socket));
    });
    this.#timers.push(
      setInterval(() => {
        for (const socket of dripping) socket.write(drop);
      }, 500),
    );
  }

  /** Keeps `count` connections open, and reopens closed ones. @param {number} count @param {(socket: Socket) => unknown} use */
  #again(count, use) {
    const open = () => {
      if (this.#isOver) return;
      const socket = this.#open();
      socket.on('connect', () => use(socket));
      socket.on('close', () => setTimeout(open, AGAIN_AFTER_MS));
    };
    for (let opened = 0; opened < count; opened++) open();
  }

  #open() {
    const socket = connect(this.address);
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.resume();
    return socket;
  }

  /** @returns {Promise<void>} resolves when it is open or was refused */
  #opened() {
    const socket = this.#open();
    return new Promise((resolve) => {
      socket.once('connect', () => resolve());
      socket.once('close', () => resolve());
    });
  }
}
