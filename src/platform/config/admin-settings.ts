import type { OperatorRole } from '../auth/operator-role.js';
import { OPERATOR_ROLES } from '../auth/operator-role.js';
import { readPasswordHash } from './credential-forms.js';
import {
  BlocksSetting,
  BooleanSetting,
  ChoiceSetting,
  SecretSetting,
  TextSetting,
  TextsSetting,
} from './settings.decorators.js';

const HEADER = [/^[A-Za-z0-9-]+$/, 'the name of a header'] as const;

/** A further login. */
export class AdminUserSettings {
  @TextSetting({
    description: 'User name; other than `ADMIN_USERNAME`.',
    pattern: [/^[^\s:\p{Cc}\p{Cs}]{1,64}$/u, '1 to 64 characters without blanks and colons'],
    example: 'ann',
  })
  username: string;

  @SecretSetting({
    description:
      'Hash of the password: `scrypt:<N>:<r>:<p>:<salt>:<hash>` or `sha256:<hex>`. See [operators](access.md#operators).',
    example: '${ANN_PASSWORD_HASH}',
    check: (value) =>
      readPasswordHash(String(value)) === undefined
        ? 'must be a hash: scrypt:<N>:<r>:<p>:<salt>:<hash> or sha256:<hex>'
        : undefined,
  })
  password: string;

  @ChoiceSetting(OPERATOR_ROLES, {
    description: '`viewer` reads, with addresses and contents masked; `operator` also changes.',
  })
  role: OperatorRole = 'viewer';
}

export class AdminSettings {
  @BooleanSetting({
    description:
      'Whether Bull Board may also pause, add, change, empty and destroy; looking, retry and promote are always allowed.',
  })
  queueActions: boolean = false;

  @BooleanSetting({
    description:
      'Whether operators may read the content of a notification at `/v1/notifications/{id}/content`; each reading is in the audit log. Otherwise, and for viewers, it shows the length of each string.',
  })
  showContent: boolean = false;

  @BlocksSetting(() => AdminUserSettings, {
    description:
      'Logins beside that of `ADMIN_USERNAME`, which is an operator. See [operators](access.md#operators).',
    maxItems: 100,
  })
  users: AdminUserSettings[] = [];

  @TextSetting({
    description:
      'Header in which a proxy names the user that it has authenticated. It counts only in requests from `TRUST_PROXY`. See [login by a proxy](access.md#login-by-a-proxy).',
    unset: 'no login by a proxy',
    pattern: HEADER,
    example: 'X-Forwarded-User',
  })
  trustedHeader?: string;

  @TextSetting({
    description: 'Header in which that proxy lists the groups of the user, separated by commas.',
    pattern: HEADER,
  })
  groupsHeader: string = 'X-Forwarded-Groups';

  @TextsSetting({
    description: 'Groups whose members are operators. All other users of the proxy are viewers.',
    minLength: 1,
  })
  operatorGroups: string[] = [];
}
