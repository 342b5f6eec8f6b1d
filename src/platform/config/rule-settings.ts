import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { hasNoProblem, IsCondition, IsTemplate, problemOfTemplate } from './expression.decorators.js';
import { IsCustomJson } from './push-presentation-settings.js';
import { BooleanSetting, NumberSetting } from './settings.decorators.js';

const ONE_DAY_S = 86_400;
/** As JSON writes what PostgreSQL's jsonb does not take. */
const UNSTORABLE = /\\u(0000|d[89a-f]..)/;

/** What a rule does to the notifications that it matches. */
export class RuleActions {
  /** Nothing is sent. What a call's event says about its call is heeded all the same. */
  @IsOptional()
  @BooleanSetting()
  @IsBoolean()
  drop?: boolean;

  /** It is sent this long after its receipt, if it lives that long. The pushes of calls never wait. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(ONE_DAY_S)
  delaySeconds?: number;

  /** A push's title. A template that comes out empty changes nothing, here and in `body` and `smsText`. */
  @IsOptional()
  @IsTemplate()
  title?: string;

  @IsOptional()
  @IsTemplate()
  body?: string;

  /** The sound of what the system shows: a file's name in the app, `default`, or nothing for none. */
  @IsOptional()
  @Matches(/^\P{C}{0,100}$/u, { message: 'must be at most 100 characters' })
  sound?: string;

  /** `normal` lets a sleeping phone sleep on. Rings, and what ends them, are always `high`. */
  @IsOptional()
  @IsIn(['high', 'normal'])
  priority?: 'high' | 'normal';

  /** How long vendors keep the push for a device that is away; never past the delivery's own lifetime. */
  @IsOptional()
  @NumberSetting()
  @IsInt()
  @Min(0)
  @Max(2_419_200)
  ttlSeconds?: number;

  /** Fields added to a push beside those of the event, which they do not replace; texts are templates. */
  @IsOptional()
  @IsCustomJson()
  @HoldsTemplates()
  data?: Record<string, unknown>;

  /** The person gets the push as a text, too, under the number that the contacts or CometChat have. */
  @IsOptional()
  @BooleanSetting()
  @IsBoolean()
  copyToSms?: boolean;

  /** The words of a text, be it a copy or one of CometChat's own. */
  @IsOptional()
  @IsTemplate()
  smsText?: string;

  /** No later rule is looked at. */
  @IsOptional()
  @BooleanSetting()
  @IsBoolean()
  stop?: boolean;
}

/** One rule: they are looked at in their order, and each sees what those before it have changed. */
export class RuleSettings {
  /** By which the log names it. */
  @Matches(/^[\w .-]{1,64}$/, { message: 'must be 1 to 64 letters, digits, spaces, _, . or -' })
  name: string;

  /** A condition in CEL. */
  @IsCondition()
  when: string;

  @IsDefined({ message: 'is required' })
  @HasAction()
  @ValidateNested()
  @Type(() => RuleActions)
  then: RuleActions;
}

/** The texts of a mapping are templates. What else it must be is for another check to say. */
function HoldsTemplates(): PropertyDecorator {
  return hasNoProblem('holdsTemplates', (value) => {
    for (const [key, text] of Object.entries(value ?? {})) {
      const problem = typeof text === 'string' ? problemOfTemplate(text) : undefined;
      if (problem !== undefined) return `has in ${key} a text that ${problem}`;
    }
    return UNSTORABLE.test(JSON.stringify(value) ?? '') ? 'holds U+0000, or half of a character' : undefined;
  });
}

function HasAction(): PropertyDecorator {
  return hasNoProblem('hasAction', (value) =>
    typeof value === 'object' && value !== null && Object.values(value).some((action) => action !== undefined)
      ? undefined
      : 'must name an action',
  );
}
