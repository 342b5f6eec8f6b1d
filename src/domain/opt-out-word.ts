/** Meaning of an SMS that consists of a keyword. */
export type OptOutKind = 'stop' | 'start' | 'help';

/** Keywords by meaning. */
export type OptOutWordLists = Readonly<Record<OptOutKind, readonly string[]>>;

/** Normalizes an SMS for comparison: no case, accents, punctuation or extra spaces. */
export function normalisedWord(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f\p{P}\p{S}\p{Cf}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}
