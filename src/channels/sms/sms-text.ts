import type { SmsContent } from '../../domain/event.js';

/**
 * The text to send: CometChat's own, or, where its template gave none, a line that says how many messages wait and
 * from whom. Empty where there is nothing to say.
 */
export function smsText(content: SmsContent): string {
  const given = content.smsContent?.trim();
  if (given) return given;
  const count = content.messages?.length ?? 0;
  if (count === 0) return '';
  const messages = count === 1 ? '1 new message' : `${count} new messages`;
  const group = content.groupDetails?.name?.trim();
  if (group) return `You have ${messages} in ${group}.`;
  const sender = content.senderDetails?.name?.trim();
  return sender ? `You have ${messages} from ${sender}.` : `You have ${messages}.`;
}
