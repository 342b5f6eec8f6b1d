import { ProviderUnavailable, SendAborted } from '../domain/outcome.js';
import {
  HttpAborted,
  HttpFault,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from './http-client/http-client.js';

/**
 * Sends a request and maps connection faults to provider errors.
 *
 * @throws ProviderUnavailable if no response arrived.
 * @throws SendAborted if the signal aborted the call.
 */
export async function requestOf(client: HttpClient, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await client.request(request);
  } catch (error) {
    if (error instanceof HttpAborted) throw new SendAborted(error.mayHaveBeenSent);
    if (error instanceof HttpFault) {
      const { code: vendorCode, mayHaveBeenSent } = error;
      throw new ProviderUnavailable({ vendorCode, mayHaveBeenSent, isUnreached: !mayHaveBeenSent });
    }
    throw error;
  }
}

/** Parses a vendor's JSON object; undefined for anything else, such as a proxy page or a truncated body. */
export function jsonObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
