import { words } from '../../words.js';
import type { Setting } from '../../api/config.js';

/** A block of the configuration: its own settings, and the blocks in it. */
export interface SettingsNode {
  /** The last part of its path: `push`, `providers[0]`. */
  readonly name: string;
  readonly path: string;
  readonly settings: readonly Setting[];
  readonly blocks: readonly SettingsNode[];
  /** With those of its blocks. */
  readonly count: number;
}

interface OpenNode {
  readonly name: string;
  readonly path: string;
  readonly settings: Setting[];
  readonly blocks: Map<string, OpenNode>;
}

const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
const PART = /[^.[\]]+(?:\[\d+\])*/g;

/** The blocks at the top; variables and settings outside blocks have one of their own. */
export function treeOf(settings: readonly Setting[]): SettingsNode[] {
  const root = nodeAt('', '');
  for (const setting of settings) {
    const blocks = blocksOf(setting.path);
    let node = root;
    for (const name of blocks) {
      const known = node.blocks.get(name);
      const next = known ?? nodeAt(name, node.path === '' ? name : `${node.path}.${name}`);
      node.blocks.set(name, next);
      node = next;
    }
    node.settings.push(setting);
  }
  return closed(root).blocks as SettingsNode[];
}

/** Settings whose path, value or source contains every word of the text. */
export function matching(settings: readonly Setting[], text: string, onlySet: boolean): Setting[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((setting) => {
    if (onlySet && setting.source === 'default') return false;
    const { path, value, source } = setting;
    const searched = `${path} ${valueText(value)} ${words.settings.sources[source] ?? source}`.toLowerCase();
    return wanted.every((word) => searched.includes(word));
  });
}

/** A value as it would be written. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return words.settings.notSet;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The last part of a path, below its block. */
export const nameOf = ({ path }: Setting): string => path.match(PART)?.at(-1) ?? path;

function blocksOf(path: string): string[] {
  if (VARIABLE.test(path)) return [words.settings.variables];
  const blocks = (path.match(PART) ?? [path]).slice(0, -1);
  return blocks.length === 0 ? [words.settings.general] : blocks;
}

const nodeAt = (name: string, path: string): OpenNode => ({
  ...{ name, path },
  settings: [],
  blocks: new Map(),
});

function closed({ name, path, settings, blocks }: OpenNode): SettingsNode {
  const inner = [...blocks.values()].map(closed);
  const count = settings.length + inner.reduce((sum, block) => sum + block.count, 0);
  return { name, path, settings, blocks: inner, count };
}
