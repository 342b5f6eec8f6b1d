const segmenter = new Intl.Segmenter();

/** Cuts text between graphemes. */
export class CutText {
  private readonly part: string;
  private readonly segments: Intl.Segments;
  readonly length: number;

  /** @param limit UTF-16 units that are considered at most. */
  constructor(text: string, limit: number) {
    this.part = text.slice(0, limit);
    this.length = this.part.length;
    this.segments = segmenter.segment(this.part);
  }

  /**
   * The start of the grapheme that contains the unit. Uses `containing`, since the iterator of the segments copies the
   * whole text for each.
   */
  boundary(unit: number): number {
    return this.segments.containing(unit)?.index ?? this.length;
  }

  /** The whole graphemes within the first `units`, followed by an ellipsis. */
  beginning(units: number): string {
    return `${this.part.slice(0, this.boundary(units))}…`;
  }
}
