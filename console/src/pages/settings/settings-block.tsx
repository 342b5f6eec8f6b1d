import { ToneLabel } from '../../parts/state-label.js';
import type { Look } from '../../parts/states.js';
import { words } from '../../words.js';
import type { Setting } from '../../api/config.js';
import { nameOf, valueText, type SettingsNode } from './settings-tree.js';
import styles from './settings.module.css';

/** Settings that tell the blocks of a list apart. */
const TITLES: ReadonlySet<string> = new Set(['appId', 'id', 'name']);

interface SettingsBlockProps {
  readonly block: SettingsNode;
  /** At first, with every block in it. */
  readonly isOpen: boolean;
}

/** A block that opens, with its settings and the blocks in it. */
export function SettingsBlock({ block, isOpen }: SettingsBlockProps) {
  const { name, settings, blocks, count } = block;
  const title = settings.find((setting) => TITLES.has(nameOf(setting)));
  return (
    <details className={styles.block} open={isOpen}>
      <summary>
        <span>{name}</span>
        {title !== undefined && <bdi>{valueText(title.value)}</bdi>}
        <span className="quiet">{count}</span>
      </summary>
      {settings.length > 0 && (
        <dl className={styles.settings}>
          {settings.map((setting) => (
            <OneSetting key={setting.path} setting={setting} />
          ))}
        </dl>
      )}
      {blocks.map((inner) => (
        <SettingsBlock key={inner.path} block={inner} isOpen={isOpen} />
      ))}
    </details>
  );
}

function OneSetting({ setting }: { readonly setting: Setting }) {
  const { path, value, source } = setting;
  return (
    <div className={styles.setting} data-path={path}>
      <dt title={path}>{nameOf(setting)}</dt>
      <dd>
        <code>{valueText(value)}</code>
      </dd>
      <dd>
        <Source source={source} />
      </dd>
    </div>
  );
}

const SOURCES: Readonly<Record<string, Look>> = {
  file: { tone: 'good', icon: 'list' },
  environment: { tone: 'wait', icon: 'settings' },
  demo: { tone: 'warn', icon: 'play' },
};

function Source({ source }: { readonly source: string }) {
  const text = words.settings.sources[source] ?? source;
  const look = SOURCES[source];
  return look ? <ToneLabel {...look} text={text} /> : <span className="quiet">{text}</span>;
}
