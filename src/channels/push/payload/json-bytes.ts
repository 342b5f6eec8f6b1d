/** The size of a request's body, as a vendor counts it. */
export function jsonBytes(payload: object): number {
  return Buffer.byteLength(JSON.stringify(payload));
}
