import { mask } from '../../domain/mask.js';
import { withoutStrings } from '../../domain/without-strings.js';
import type { StoredSandboxMessage } from './sandbox-mailbox.repository.js';

/** A sandbox message without its address and content, for viewers. */
export function maskedMessage(stored: StoredSandboxMessage): StoredSandboxMessage {
  return { ...stored, to: mask(stored.to), message: withoutStrings(stored.message) };
}
