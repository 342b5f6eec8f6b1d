import { words } from '../words.js';
import { Facts } from './facts.js';
import { Icon } from './icon.js';
import { Marked } from './marked.js';

interface ExplanationProps {
  readonly cause: string | null;
  readonly fix: string | null;
  /** The vendor's page. */
  readonly link: string | null;
}

/** Why something happened, and what to do about it. */
export function Explanation({ cause, fix, link }: ExplanationProps) {
  return (
    <Facts
      facts={[
        [words.explanation.cause, cause && <Marked text={cause} />],
        [words.explanation.fix, fix && <Marked text={fix} />],
        [words.explanation.link, link && <OutsideLink href={link} />],
      ]}
    />
  );
}

/** A page of the vendor; the sandbox names one of our own documentation. */
function OutsideLink({ href }: { readonly href: string }) {
  if (!URL.canParse(href)) return <code>{href}</code>;
  return (
    <a href={href} rel="noreferrer" target="_blank">
      {new URL(href).host} <Icon name="link" size={12} />
    </a>
  );
}
