import { wordOf, words } from '../../words.js';

/** A device by its platform and transport: "Android, FCM". */
export function deviceName({ platform, kind }: { readonly platform: string; readonly kind: string }): string {
  return words.person.device(wordOf('platforms', platform), wordOf('transports', kind));
}
