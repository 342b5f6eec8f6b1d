import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsWord } from '../../platform/http/word.decorator.js';
import { PROBLEM_KINDS, type Problem } from './problem.js';

export class StatusQueryDto {
  @ApiProperty({
    required: false,
    description: 'For the operator; unset: all apps. A backend sees its own app.',
  })
  @IsOptional()
  @IsWord()
  appId?: string;
}

export class ProblemDto {
  @ApiProperty({
    enum: PROBLEM_KINDS,
    description:
      '`breaker`: a circuit breaker is open or paused; `check`: the vendor refused an account; `retirement`: devices are kept although their vendor calls them dead; `dead_letter`: jobs failed for good.',
  })
  kind: string;
  @ApiProperty({ enum: ['error', 'warning'] })
  severity: string;
  @ApiProperty({ example: 'The account app123/push/default:fcm keeps failing. …' })
  text: string;
  @ApiProperty({ example: '/providers', description: 'Page of the console, below `/admin`.' })
  page: string;
}

export class StatusDto {
  @ApiProperty({ type: [ProblemDto], description: 'Errors first.' })
  problems: ProblemDto[];
}

export const toProblemDto = ({ kind, severity, text, page }: Problem): ProblemDto => ({
  ...{ kind, severity, text, page },
});
