import { isLoopback } from '../../../platform/http/loopback.js';
import { codeOf } from '../../../platform/errors/code-of.js';
import { messageOf } from '../unreachable.js';
import { fault, ok, warning, type Finding, type Patient } from './finding.js';

const SUBJECT = 'public url';
const TIMEOUT_MS = 5_000;

/** Whether vendors and CometChat can reach the gateway by `PUBLIC_URL`, as far as can be seen from here. */
export async function checkPublicUrl({ settings, signal }: Patient, isOffline: boolean): Promise<Finding[]> {
  const { publicUrl, ops } = settings;
  if (publicUrl === undefined) {
    const text =
      'PUBLIC_URL is not set: SMS carry no address for delivery reports, and callbacks are verified by the request’s own address.';
    return [warning(SUBJECT, text, 'Set PUBLIC_URL to the https:// address of the gateway.')];
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    const text =
      'PUBLIC_URL is not https: CometChat accepts no such webhook URL, and credentials travel in clear text.';
    return [
      fault(SUBJECT, text, 'Put a proxy with TLS before the gateway, and set PUBLIC_URL to its address.'),
    ];
  }
  if (isOffline) return [];
  return [await reach(publicUrl, ops !== undefined, signal)];
}

async function reach(publicUrl: string, isHealthElsewhere: boolean, signal: AbortSignal): Promise<Finding> {
  const url = `${publicUrl}/health/live`;
  try {
    const { status } = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    // With OPS_PORT, health is not served to the public.
    if (status === 200 || (isHealthElsewhere && status === 404)) return ok(SUBJECT, `${publicUrl} answers.`);
    const text = `${url} answers ${status}: webhooks and delivery reports may not arrive.`;
    return fault(
      SUBJECT,
      text,
      'Let the proxy forward every path to the gateway, and compare PUBLIC_URL with its address.',
    );
  } catch (error) {
    const text = `${url} cannot be reached from here (${reasonOf(error)}): webhooks and delivery reports do not arrive.`;
    return fault(SUBJECT, text, 'Start the gateway, and check DNS, certificate and proxy of PUBLIC_URL.');
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return codeOf(cause) ?? messageOf(cause);
}
