import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VENDORS, type AllVendors, type VendorName } from './all-vendors.js';
import { controlCometChat, readCometChatRequest, shownCometChat } from './cometchat-control.js';
import type { RunningVendor } from './running-vendor.js';
import { SCENARIOS, type Scenario } from './scenario.js';

/** Connection faults besides the scenarios: close HTTP/2 connections gracefully, or drop all connections. */
const CONNECTION_FAULTS = ['goaway', 'drop'] as const;
type Answer = Scenario | (typeof CONNECTION_FAULTS)[number];
const ANSWERS: readonly string[] = [...SCENARIOS, ...CONNECTION_FAULTS];

/** A fault for one vendor or all. */
export interface FaultRequest {
  readonly vendor: VendorName | 'all';
  readonly answer: Answer;
  /** Number of messages affected; unset: until the next request. */
  readonly times?: number;
  /** `Retry-After` of `fault_told` and `over_quota_told`: seconds or an HTTP date. */
  readonly retryAfter?: string;
}

export interface VendorCounts {
  readonly asked: number;
  readonly taken: number;
  readonly connections: number;
}

const MAX_BODY_BYTES = 10_000;
/** Messages kept per vendor, which bounds the memory of long tests. */
const KEPT = 1_000;
const TRIM_EVERY_MS = 1_000;

/** Controls local vendors and counts their messages, over HTTP on the loopback interface. */
export class VendorsControl {
  private readonly trimmed = new Map<VendorName, number>();
  private readonly timer = setInterval(() => this.trim(), TRIM_EVERY_MS).unref();
  private readonly server: Server;

  private constructor(private readonly vendors: AllVendors) {
    this.server = createServer((request, response) => {
      this.answer(request).then(
        ({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(`${JSON.stringify(body, undefined, 2)}\n`);
        },
        () => response.destroy(),
      );
    });
  }

  /** @throws Error if the port is in use. */
  static async start(vendors: AllVendors, port = 0): Promise<VendorsControl> {
    const control = new VendorsControl(vendors);
    await new Promise<void>((resolve, reject) => {
      control.server.once('error', reject);
      control.server.listen(port, '127.0.0.1', resolve);
    });
    return control;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  counts(): Record<VendorName, VendorCounts> {
    const of = (name: VendorName): [VendorName, VendorCounts] => {
      const { vendor, received, asked } = this.vendors.each[name];
      const taken = received.length + (this.trimmed.get(name) ?? 0);
      return [name, { asked: asked(), taken, connections: vendor.connections }];
    };
    return Object.fromEntries(VENDORS.map(of)) as Record<VendorName, VendorCounts>;
  }

  obey({ vendor, answer, times, retryAfter }: FaultRequest): void {
    for (const name of vendor === 'all' ? VENDORS : [vendor])
      obey(this.vendors.each[name], answer, times, retryAfter);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private trim(): void {
    for (const name of VENDORS) {
      const { received } = this.vendors.each[name];
      const { length } = received.splice(0, received.length - KEPT);
      this.trimmed.set(name, (this.trimmed.get(name) ?? 0) + length);
    }
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { method, url } = request;
    if (method === 'GET' && url === '/') return { status: 200, body: this.counts() };
    if (method === 'GET' && url !== undefined && url.startsWith('/received/')) {
      const name = VENDORS.find((vendor) => vendor === url.slice('/received/'.length));
      return name ? { status: 200, body: this.vendors.each[name].received } : NOT_FOUND;
    }
    if (url === '/cometchat') return this.answerAboutCometChat(request);
    if (method === 'POST' && url === '/subscriptions') return { status: 201, body: this.vendors.subscribe() };
    if (method !== 'POST' || url !== '/faults') return NOT_FOUND;
    const fault = readFaultRequest(await bodyOf(request));
    if (typeof fault === 'string') return { status: 400, body: { problem: fault } };
    this.obey(fault);
    return { status: 200, body: this.counts() };
  }

  private async answerAboutCometChat(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { cometchat } = this.vendors;
    if (request.method === 'GET') return { status: 200, body: shownCometChat(cometchat) };
    if (request.method !== 'POST') return NOT_FOUND;
    const change = readCometChatRequest(await bodyOf(request));
    if (typeof change === 'string') return { status: 400, body: { problem: change } };
    controlCometChat(cometchat, change);
    return { status: 200, body: shownCometChat(cometchat) };
  }
}

const NOT_FOUND = {
  status: 404,
  body: {
    problem:
      'GET /, GET /received/VENDOR, POST /faults, POST /subscriptions, GET /cometchat, POST /cometchat',
  },
};

function obey(
  { vendor, play }: RunningVendor,
  answer: Answer,
  times: number | undefined,
  retryAfter: string | undefined,
): void {
  if (answer === 'goaway') vendor.goaway();
  else if (answer === 'drop') vendor.dropConnections();
  else play(answer, times, retryAfter);
}

/**
 * Parses a fault request.
 *
 * @returns a description of the problem if it is invalid.
 */
export function readFaultRequest(text: string): FaultRequest | string {
  let fault: Partial<Record<keyof FaultRequest, unknown>>;
  try {
    fault = JSON.parse(text) as typeof fault;
  } catch {
    return 'not JSON';
  }
  const { vendor, answer, times, retryAfter } = fault ?? {};
  if (![...VENDORS, 'all'].includes(String(vendor)))
    return `vendor must be one of ${VENDORS.join(', ')}, all`;
  if (!ANSWERS.includes(String(answer))) return `answer must be one of ${ANSWERS.join(', ')}`;
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0))
    return 'times must be a whole number above 0';
  if (retryAfter !== undefined && typeof retryAfter !== 'string') return 'retryAfter must be a string';
  return fault as FaultRequest;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
