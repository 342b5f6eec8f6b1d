import { useEffect, useState } from 'react';
import { words } from '../words.js';
import { IconButton } from './button.js';

const SHOWN_MS = 1_500;

interface CopyButtonProps {
  readonly text: string;
  /** The thing that is copied: "the id". */
  readonly what: string;
}

/** Copies a text to the clipboard. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <>
      <IconButton
        icon={isCopied ? 'check' : 'copy'}
        label={words.common.copyOf(what)}
        onClick={() => void copy()}
      />
      <span role="status" className="visually-hidden">
        {isCopied && words.common.copied}
      </span>
    </>
  );
}
