import { useLocation } from 'wouter';
import { ConfirmDialog } from '../../parts/dialog.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import type { Story } from '../../api/story.js';
import { useResend } from './queries.js';
import { shortened } from '../../parts/shortened.js';

const text = words.story.actions;

interface ResendDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly story: Story;
  /** Only to this device; unset: to all. */
  readonly device?: { readonly id: string; readonly name: string };
}

/** Asks, sends again, and leads to the new notification. */
export function ResendDialog({ isOpen, onClose, story, device }: ResendDialogProps) {
  const [, navigate] = useLocation();
  const resend = useResend(story.id);
  const uid = shortened(story.uid);
  const confirm = async () => {
    const id = await resend.mutateAsync(device?.id);
    toast.done(text.resent, text.resentText);
    navigate(`/notifications/${id}`);
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={device ? text.resendDeviceTitle : text.resendTitle}
      description={
        device
          ? text.resendDeviceText(device.name)
          : story.channel === 'sms'
            ? text.resendSms(uid)
            : text.resendPush(uid)
      }
      action={text.resend}
      onConfirm={confirm}
    />
  );
}
