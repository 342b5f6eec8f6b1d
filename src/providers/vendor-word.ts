import { normalisedWord, type OptOutKind, type OptOutWordLists } from '../domain/opt-out-word.js';

const KINDS = ['stop', 'start', 'help'] as const;
/** Longer than any keyword, in characters. */
const MAX_LENGTH = 30;

/** The meaning of an SMS by the vendor's own keywords; undefined if it is none of them. */
export function vendorWord(words: OptOutWordLists, text: string): OptOutKind | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const word = normalisedWord(text);
  return KINDS.find((kind) => words[kind].includes(word));
}

/** The keyword kind in a vendor's field, in any case. */
export function vendorKind(name: unknown): OptOutKind | undefined {
  return KINDS.find((kind) => typeof name === 'string' && name.toLowerCase() === kind);
}
