import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

interface DialogElementProps {
  readonly className: string | undefined;
  readonly onClose: () => void;
  readonly labelledBy: string;
  readonly describedBy: string | undefined;
  readonly children: ReactNode;
}

/** The browser's own modal dialog while it is mounted. It keeps the focus, and returns it. */
export function DialogElement(props: DialogElementProps) {
  const { className, onClose, labelledBy, describedBy, children } = props;
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return createPortal(
    <dialog
      ref={ref}
      className={className}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Only the backdrop belongs to the element itself: its content covers the rest.
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
    >
      {children}
    </dialog>,
    document.body,
  );
}
