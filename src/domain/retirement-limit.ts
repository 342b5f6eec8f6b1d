/** Dead addresses among an account's sends beyond which the brake on retiring its devices engages. */
export function retirementLimit(
  { minRefusals, sharePercent }: { readonly minRefusals: number; readonly sharePercent: number },
  sends: number,
): number {
  return Math.max(minRefusals, Math.floor((sends * sharePercent) / 100));
}
