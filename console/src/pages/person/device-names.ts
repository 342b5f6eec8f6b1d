import { words } from '../../words.js';

/** A device by its platform and transport: "Android, FCM". */
export function deviceName({ platform, kind }: { readonly platform: string; readonly kind: string }): string {
  return words.person.device(words.platforms[platform] ?? platform, words.transports[kind] ?? kind);
}

/** The words of a reason, or the text that somebody gave. */
export const reasonText = (reason: string): string => words.reasons[reason] ?? reason;
