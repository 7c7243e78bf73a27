import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.js';
import { peopleApi, type GivenRole } from '../../api/peopleApi.js';
import { useTexts } from '../../i18n/useTexts.js';
import { TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';
import { looksLikeEmail } from '../../ui/useForm.js';
import { ConfirmSheet } from '../ConfirmSheet.js';
import { DepartmentChoice, isUnsaid, type Grant } from './DepartmentChoice.js';
import { RoleChoice } from './RoleChoice.js';

export function InviteSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<GivenRole>('member');
  const [grant, setGrant] = useState<Grant>(null);
  const limited = role === 'admin' ? null : grant;
  return (
    <ConfirmSheet
      open={open}
      onClose={onClose}
      title={t('people.invite')}
      label={t('people.inviteSend')}
      ready={looksLikeEmail(email.trim()) && !isUnsaid(limited)}
      act={async () => {
        await peopleApi.invite({ email: email.trim(), role, departments: limited });
        toast(t('people.invited', { email: email.trim() }));
        setEmail('');
        setGrant(null);
        await cache.invalidateQueries({ queryKey: keys.invitations });
      }}
    >
      <TextField
        name="email"
        type="email"
        inputMode="email"
        autoComplete="off"
        label={t('people.inviteEmail')}
        error={email && !looksLikeEmail(email) ? t('common.fields.email') : undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RoleChoice value={role} onChange={setRole} />
      {role !== 'admin' && <DepartmentChoice label={t('people.grants.title')} value={grant} onChange={setGrant} />}
    </ConfirmSheet>
  );
}
