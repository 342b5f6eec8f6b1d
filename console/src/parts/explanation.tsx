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

function OutsideLink({ href }: { readonly href: string }) {
  return (
    <a href={href} rel="noreferrer" target="_blank">
      {hostOf(href)} <Icon name="link" size={12} />
    </a>
  );
}

const hostOf = (href: string): string => (URL.canParse(href) ? new URL(href).host : href);
