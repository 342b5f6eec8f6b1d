import type { LiveEvent } from '../live-event.js';
import type { Found, Topic } from '../topic.js';
import type { Problem } from './problem.js';
import { problemsOf, type StatusBoard } from './status-board.js';
import { toProblemDto } from './status.dto.js';

/** The current problems: at once, and when they change. */
export class StatusTopic implements Topic {
  readonly name = 'status';
  readonly everyMs = 2_000;
  readonly isResumable = false;
  private problems: readonly Problem[] = [];

  constructor(private readonly board: StatusBoard) {}

  async begin(): Promise<Date> {
    this.problems = await this.board.problems(undefined);
    return new Date();
  }

  async look(): Promise<Found> {
    const before = JSON.stringify(this.problems);
    this.problems = await this.board.problems(undefined);
    const hasChanged = JSON.stringify(this.problems) !== before;
    return { events: hasChanged ? this.greeting() : [], completeTo: new Date() };
  }

  greeting(): readonly LiveEvent[] {
    const { problems } = this;
    return [
      {
        name: 'status',
        dataFor: ({ appId }) => JSON.stringify({ problems: problemsOf(problems, appId).map(toProblemDto) }),
      },
    ];
  }

  /** The greeting says all. */
  missedSince(): Promise<readonly LiveEvent[]> {
    return Promise.resolve([]);
  }
}
