import { Component, type ReactNode } from 'react';
import { words } from '../words.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

interface ErrorBoundaryProps {
  /** Another key shows the children again. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | undefined;
  readonly resetKey: string;
}

/** Shows a fault of a page in its place; the shell stays usable. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<ErrorBoundaryState> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(
    { resetKey }: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ): ErrorBoundaryState | null {
    return resetKey === state.resetKey ? null : { error: undefined, resetKey };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Notice tone="bad" icon="warning" title={words.failure.crashed}>
        <p>{words.failure.crashedText}</p>
        <pre>{error.message}</pre>
        <div>
          <Button icon="refresh" onClick={() => window.location.reload()}>
            {words.failure.reload}
          </Button>
        </div>
      </Notice>
    );
  }
}
