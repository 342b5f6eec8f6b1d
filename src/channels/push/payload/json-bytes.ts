/** The size of a JSON request body. */
export function jsonBytes(payload: object): number {
  return Buffer.byteLength(JSON.stringify(payload));
}
