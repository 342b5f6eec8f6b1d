import { useApps } from '../api/app-choice.js';
import { words } from '../words.js';
import { SelectField } from './select-field.js';

interface AppFieldProps {
  readonly value: string | undefined;
  readonly onChange: (appId: string | undefined) => void;
  /** The failed call. */
  readonly error?: unknown;
  readonly problem?: string | undefined;
}

/** Which app; nothing if there is only one. */
export function AppField({ value = '', onChange, error, problem }: AppFieldProps) {
  const apps = useApps().data ?? [];
  if (apps.length < 2) return null;
  const options = [['', words.common.chooseApp], ...apps.map((app) => [app, app] as const)] as const;
  return (
    <SelectField
      label={words.common.app}
      error={error}
      path="appId"
      problem={problem}
      options={options}
      value={value}
      onChange={(app) => onChange(app === '' ? undefined : app)}
    />
  );
}
