/** The facts in a default SMS. */
export interface SmsNews {
  /** Unread messages, at least 1. */
  readonly count: number;
  /** Group name; empty: one-to-one chat. */
  readonly group: string;
  /** Sender name; empty: unknown. */
  readonly sender: string;
}

type DefaultText = (news: SmsNews) => string;

/** For languages in which the name follows the count. */
function namesLast(one: string, many: (count: number) => string, from: string, inGroup: string): DefaultText {
  return ({ count, group, sender }) => {
    const messages = count === 1 ? one : many(count);
    if (group !== '') return `${messages} ${inGroup} ${group}.`;
    return sender === '' ? `${messages}.` : `${messages} ${from} ${sender}.`;
  };
}

/**
 * The default body of an SMS by language. All but Hindi fit GSM-7. None of these languages has further plural forms from
 * 2 on.
 */
export const DEFAULT_TEXTS: ReadonlyMap<string, DefaultText> = new Map([
  ['en', namesLast('You have 1 new message', (count) => `You have ${count} new messages`, 'from', 'in')],
  [
    'de',
    namesLast('Sie haben 1 neue Nachricht', (count) => `Sie haben ${count} neue Nachrichten`, 'von', 'in'),
  ],
  ['es', namesLast('Tienes 1 mensaje nuevo', (count) => `Tienes ${count} mensajes nuevos`, 'de', 'en')],
  [
    'fr',
    namesLast('Vous avez 1 nouveau message', (count) => `Vous avez ${count} nouveaux messages`, 'de', 'dans'),
  ],
  ['it', namesLast('Hai 1 nuovo messaggio', (count) => `Hai ${count} nuovi messaggi`, 'da', 'in')],
  ['pt', namesLast('Tem 1 mensagem nova', (count) => `Tem ${count} mensagens novas`, 'de', 'em')],
  [
    'hi',
    ({ count, group, sender }) => {
      const messages = count === 1 ? '1 नया संदेश' : `${count} नए संदेश`;
      if (group !== '') return `${group} में आपके लिए ${messages} ${count === 1 ? 'है' : 'हैं'}।`;
      const got = `आपको ${messages} ${count === 1 ? 'मिला है' : 'मिले हैं'}।`;
      return sender === '' ? got : `${sender} से ${got}`;
    },
  ],
]);
