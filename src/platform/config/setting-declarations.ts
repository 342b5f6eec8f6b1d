/** A class whose properties are declared as settings. */
export type SettingsClass = abstract new () => object;

/** One declared setting: validation, secrets list, reference page and example file are derived from it. */
export interface SettingDeclaration {
  readonly key: string;
  /** Markdown. The first sentence must make sense alone. */
  readonly description: string;
  /** Type of the value, such as `whole number`. */
  readonly type: string;
  /** Accepted values, such as `1 to 1,440`. */
  readonly range?: string | undefined;
  readonly unit?: string | undefined;
  /** Effect of leaving it out; undefined: it has a default or is required. */
  readonly unset?: string | undefined;
  /** Condition under which it is required, such as ``unless `jwksUrl` is set``. */
  readonly required?: string | undefined;
  /** Reason for which production requires it. */
  readonly requiredInProduction?: string | undefined;
  /** Never logged, and readable from a file. */
  readonly secret: boolean;
  /** Readable from a file: `<key>File` in YAML, `<NAME>_FILE` in the environment. */
  readonly file: boolean;
  /** May contain secrets at any position; this is the form in which it is logged. */
  readonly conceal?: ((value: unknown) => unknown) | undefined;
  /** Value for the example file where there is no default, or none that shows the syntax. */
  readonly example?: unknown;
  /** The settings inside a mapping. */
  readonly block?: (() => SettingsClass) | undefined;
  readonly isList: boolean;
  /** The settings of an item that is a mapping, where items may also be strings. */
  readonly item?: (() => SettingsClass) | undefined;
  /** The channel whose provider blocks this list holds. */
  readonly providers?: 'push' | 'sms' | undefined;
}

const declarations = new Map<object, Map<string, SettingDeclaration>>();

export function declareSetting(prototype: object, declaration: SettingDeclaration): void {
  const own = declarations.get(prototype) ?? new Map<string, SettingDeclaration>();
  declarations.set(prototype, own.set(declaration.key, declaration));
}

/** Settings declared by the class itself, in source order. */
export function ownSettingsOf(type: SettingsClass): SettingDeclaration[] {
  return [...(declarations.get(type.prototype as object)?.values() ?? [])];
}

/** Settings of the class and its ancestors; a redeclared one replaces that of the ancestor. */
export function settingsOf(type: SettingsClass): SettingDeclaration[] {
  const found = new Map<string, SettingDeclaration>();
  const prototypes: object[] = [];
  let prototype: unknown = type.prototype;
  while (typeof prototype === 'object' && prototype !== null) {
    prototypes.unshift(prototype);
    prototype = Object.getPrototypeOf(prototype);
  }
  for (const one of prototypes)
    for (const [key, declaration] of declarations.get(one) ?? []) found.set(key, declaration);
  return [...found.values()];
}

/** Settings of the class that an object is an instance of, by key. */
export function settingsOfInstance(value: object): ReadonlyMap<string, SettingDeclaration> {
  return new Map(settingsOf(value.constructor as SettingsClass).map((one) => [one.key, one]));
}

/** Whether any loaded settings class declares the key as secret. */
export function isSecretKey(key: string): boolean {
  return [...declarations.values()].some((own) => own.get(key)?.secret);
}

/** Whether any loaded settings class lets the key be read from a file. */
export function isFileKey(key: string): boolean {
  return [...declarations.values()].some((own) => own.get(key)?.file);
}
