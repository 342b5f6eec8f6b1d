import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { useAppId } from '../api/app-choice.js';
import { Icon } from '../parts/icon.js';
import { textOf } from '../parts/notice.js';
import { words } from '../words.js';
import { useKey } from './keys.js';
import { useSearchHits, type Hit } from './search-hits.js';
import styles from './search-box.module.css';

const DELAY_MS = 200;

/** Finds people, devices and notifications by whatever one has of them: `/`, then type. */
export function SearchBox() {
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();
  const id = useId();
  const typed = text.trim();
  const query = useDelayed(typed);
  const search = useSearchHits(query, useAppId());
  const found = useDeferredValue(search.data);
  // Enter never opens what was found for the beginning of the text.
  const hits = found?.query === typed ? found.hits : [];
  const isShown = isOpen && typed !== '';
  useKey('/', () => input.current?.focus());

  const open = ({ href }: Hit) => {
    setOpen(false);
    setText('');
    navigate(href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const hit = hits[active];
    if (event.key === 'Escape') {
      setOpen(false);
      setText('');
    } else if (event.key === 'Enter' && isShown && hit) open(hit);
    else if (event.key === 'ArrowDown') setActive(Math.min(active + 1, Math.max(hits.length - 1, 0)));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else return;
    event.preventDefault();
  };
  const status = statusOf(search, query !== typed);
  return (
    <search className={styles.search}>
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={words.search.label}
        aria-expanded={isShown && hits.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isShown && hits[active] ? `${id}-${active}` : undefined}
        placeholder={words.search.placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={4_096}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setOpen(true);
          setActive(0);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <kbd className={styles.hint} aria-hidden="true">
        /
      </kbd>
      {/* The focus stays in the field while the pointer is on the list. */}
      <div className={styles.popup} hidden={!isShown} onMouseDown={(event) => event.preventDefault()}>
        <p role="status" className={styles.status}>
          {isShown && status}
        </p>
        <ul id={`${id}-list`} role="listbox" aria-label={words.search.results} className={styles.list}>
          {hits.map((hit, index) => (
            <li
              key={hit.href + hit.kind}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              className={styles.option}
              onMouseMove={() => setActive(index)}
              onClick={() => open(hit)}
            >
              <Icon name={hit.icon} />
              <span className={styles.title}>{hit.title}</span>
              <span className={styles.detail}>
                {hit.kind} · {hit.detail}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </search>
  );
}

/** The outcome of the search, in words. */
function statusOf({ data, isError, error }: ReturnType<typeof useSearchHits>, isTyping: boolean): string {
  if (isError) return textOf(error);
  if (!data || isTyping) return words.search.searching;
  if (data.isEmpty) return words.search.nothing;
  const readings = data.recognised.map((reading) => words.readings[reading] ?? reading);
  return `${words.search.found(data.hits.length)}. ${words.search.readAs(readings)}.`;
}

/** The value once it has not changed for a moment. */
function useDelayed(value: string): string {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), DELAY_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return delayed;
}
