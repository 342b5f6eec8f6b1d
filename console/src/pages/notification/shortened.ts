const LONGEST = 60;

/** A text for a heading or a sentence. */
export function shortened(text: string): string {
  const letters = [...text];
  return letters.length <= LONGEST ? text : `${letters.slice(0, LONGEST).join('')}…`;
}
