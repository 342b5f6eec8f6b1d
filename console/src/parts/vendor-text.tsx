import { words } from '../words.js';

/** The vendor's own words about an attempt, if there are any. */
export function VendorText({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p>
      {words.story.vendorSays} <q dir="auto">{text}</q>
    </p>
  );
}
