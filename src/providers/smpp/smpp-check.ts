import { SendAborted } from '../../domain/outcome.js';
import { foundBy, ok, unknown } from '../check-account.js';
import type { Checked } from '../provider.js';
import { conclude } from '../verdict.js';
import { Deadline, DeadlineExceeded } from './deadline.js';
import type { SmppConnection } from './smpp-connection.js';
import { bindVerdict, statusName } from './smpp-errors.js';
import { BindRefused, LinkFault } from './smpp-faults.js';

/**
 * Sends an `enquire_link` over the bind that sends SMS (SMPP 3.4, 4.11). The bind is established if necessary, never a
 * second one: SMSCs refuse it. During the delay after a failed attempt, its fault is the finding.
 *
 * @throws SendAborted if the signal aborted the call.
 */
export function checkSmpp(
  connection: SmppConnection,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Checked> {
  return foundBy(async () => {
    if (signal.aborted) throw new SendAborted();
    const deadline = new Deadline(signal, timeoutMs);
    try {
      const link = await deadline.wait(connection.bound());
      const answer = await deadline.wait(link.request('enquire_link', {}, timeoutMs));
      const status = statusName(answer.command_status);
      if (status !== 'ESME_ROK') return unknown(status, `The SMSC answers enquire_link with ${status}.`);
      return ok('The account is bound for sending, and the SMSC responds.');
    } catch (error) {
      if (error instanceof BindRefused) conclude(bindVerdict(error.status), error.status);
      if (error instanceof LinkFault) return unknown(error.code, `There is no bind (${error.code}).`);
      if (!(error instanceof DeadlineExceeded)) throw error;
      if (error.why === 'aborted') throw new SendAborted();
      return unknown('timeout', 'The SMSC does not respond in time.');
    } finally {
      deadline.end();
    }
  });
}
