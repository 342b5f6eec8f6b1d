/** An id of CometChat's as it writes them all, in lower case. Other letters than ASCII's stand for themselves. */
export function lowerCaseId(id: string): string {
  return id.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
