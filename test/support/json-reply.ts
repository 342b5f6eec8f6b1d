import type { VendorReply } from './vendor-server.js';

type Headers = Readonly<Record<string, string>>;

/** @returns a vendor's response with a JSON body; `headers` may replace the content type. */
export const jsonReply = (status: number, body: unknown, headers: Headers = {}): VendorReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** @returns undefined if it is not JSON. */
export function parseJson(body: string | Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
