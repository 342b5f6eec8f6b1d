const LONGEST = 60;

/** A uid or another text of any length, for a heading, a sentence or an option. */
export function shortened(text: string, longest = LONGEST): string {
  const letters = [...text.slice(0, 2 * longest + 2)];
  return letters.length <= longest ? text : `${letters.slice(0, longest).join('')}…`;
}
