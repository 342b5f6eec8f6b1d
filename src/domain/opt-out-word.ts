/** What somebody wants by a text that is nothing but a word. */
export type OptOutKind = 'stop' | 'start' | 'help';

/** Words by what they ask for. */
export type OptOutWordLists = Readonly<Record<OptOutKind, readonly string[]>>;

/** A text as it is compared with such words: without case, accents, punctuation and needless spaces. */
export function normalisedWord(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f\p{P}\p{S}\p{Cf}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}
