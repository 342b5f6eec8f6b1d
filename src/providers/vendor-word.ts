import { normalisedWord, type OptOutKind, type OptOutWordLists } from '../domain/opt-out-word.js';

const KINDS = ['stop', 'start', 'help'] as const;
/** Longer than any word. */
const MAX_LENGTH = 30;

/** What a vendor takes a text for, by its own words; undefined: for a message. */
export function vendorWord(words: OptOutWordLists, text: string): OptOutKind | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const word = normalisedWord(text);
  return KINDS.find((kind) => words[kind].includes(word));
}

/** The kind that a vendor names itself, in whatever case. */
export function vendorKind(name: unknown): OptOutKind | undefined {
  return KINDS.find((kind) => typeof name === 'string' && name.toLowerCase() === kind);
}
