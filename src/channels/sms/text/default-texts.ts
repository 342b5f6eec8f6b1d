/** What a text that is made here tells. */
export interface SmsNews {
  /** Messages that wait, from 1. */
  readonly count: number;
  /** Name of the group that they are in; empty: it is one person's. */
  readonly group: string;
  /** Name of their sender; empty: not known. */
  readonly sender: string;
}

type DefaultText = (news: SmsNews) => string;

/** For languages in which the names follow what is counted. */
function namesLast(one: string, many: (count: number) => string, from: string, inGroup: string): DefaultText {
  return ({ count, group, sender }) => {
    const messages = count === 1 ? one : many(count);
    if (group !== '') return `${messages} ${inGroup} ${group}.`;
    return sender === '' ? `${messages}.` : `${messages} ${from} ${sender}.`;
  };
}

/**
 * The gateway's own texts, by language. The words are chosen so that all of them but Hindi's fit GSM-7. Of these
 * languages none has another form for any count from 2 on.
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
