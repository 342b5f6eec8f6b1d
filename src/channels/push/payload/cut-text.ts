const segmenter = new Intl.Segmenter();

/** A text that can be cut between characters as people see them. */
export class CutText {
  private readonly part: string;
  private readonly segments: Intl.Segments;
  readonly length: number;

  /** @param limit UTF-16 units beyond which nobody will look. */
  constructor(text: string, limit: number) {
    this.part = text.slice(0, limit);
    this.length = this.part.length;
    this.segments = segmenter.segment(this.part);
  }

  /**
   * Where the character begins that the unit belongs to. Asked for one at a time: walking over all of them, as the
   * segments' own iterator does, copies the whole text for each.
   */
  boundary(unit: number): number {
    return this.segments.containing(unit)?.index ?? this.length;
  }

  /** The whole characters within the first so many units, and a sign that there was more. */
  beginning(units: number): string {
    return `${this.part.slice(0, this.boundary(units))}…`;
  }
}
