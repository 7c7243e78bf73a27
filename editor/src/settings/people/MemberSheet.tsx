import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDepartments } from '../../app/useDepartments.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { peopleApi, type GivenRole, type Member } from '../../api/peopleApi.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Sheet.js';
import { toast } from '../../ui/Toast.js';
import { ConfirmSheet } from '../ConfirmSheet.js';
import { DepartmentChoice, isUnsaid, type Grant } from './DepartmentChoice.js';
import { RoleChoice } from './RoleChoice.js';

interface MemberSheetProps {
  readonly member: Member | null;
  /** Who looks owns the house, and may hand it over. */
  readonly owner: boolean;
  readonly onClose: () => void;
}

/** Another role, other departments, the house itself, or the door. */
export function MemberSheet({ member, owner, onClose }: MemberSheetProps) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const [chosen, setChosen] = useState<GivenRole | null>(null);
  const [given, setGiven] = useState<Grant | undefined>(undefined);
  const { data: departments = [] } = useDepartments();
  // A department that was dismissed is in nobody's hands.
  const held = member?.departments?.filter((id) => departments.some((department) => department.id === id)) ?? null;
  const grant = given === undefined ? held : given;
  const role = chosen ?? (member && member.role !== 'owner' ? member.role : 'member');
  const close = (): void => {
    setChosen(null);
    setGiven(undefined);
    onClose();
  };
  const [asking, setAsking] = useState<{ what: 'remove' | 'transfer'; member: Member } | null>(null);
  const changed = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: keys.members }),
      cache.invalidateQueries({ queryKey: keys.organization }),
    ]);
  const save = useMutation({
    mutationFn: (userId: string) =>
      peopleApi.change(userId, { role, ...(role !== 'admin' && { departments: grant && [...grant] }) }),
    onSuccess: () => {
      toast(t('people.changed', { role: t(`people.roles.${role}`) }));
      close();
      return changed();
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  const ask = (what: 'remove' | 'transfer'): void => {
    if (member) setAsking({ what, member });
    close();
  };
  return (
    <>
      <Sheet
        open={member !== null}
        onOpenChange={(open) => !open && close()}
        title={t('people.edit', { name: member?.name ?? '' })}
        actions={
          <>
            <Button className="flex-1" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button
              className="flex-1"
              variant="you"
              loading={save.isPending}
              disabled={role !== 'admin' && isUnsaid(grant)}
              onClick={() => member && save.mutate(member.userId)}
            >
              {t('common.save')}
            </Button>
          </>
        }
      >
        <div className="grid gap-4 pt-1">
          <RoleChoice value={role} onChange={setChosen} />
          {role !== 'admin' && <DepartmentChoice label={t('people.grants.title')} value={grant} onChange={setGiven} />}
          <div className="flex flex-wrap gap-2 border-t border-line pt-4">
            <Button variant="danger" onClick={() => ask('remove')}>
              {t('people.remove')}
            </Button>
            {owner && (
              <Button onClick={() => ask('transfer')}>{t('people.transfer', { name: member?.name ?? '' })}</Button>
            )}
          </div>
        </div>
      </Sheet>
      <ConfirmSheet
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={asking?.what === 'transfer' ? t('people.transfer', { name: asking.member.name }) : t('people.remove')}
        text={
          asking?.what === 'transfer'
            ? t('people.transferText')
            : t('people.removeText', { name: asking?.member.name ?? '' })
        }
        label={t(asking?.what === 'transfer' ? 'account.continue' : 'people.remove')}
        withPassword={asking?.what === 'transfer'}
        danger={asking?.what === 'remove'}
        act={async (password) => {
          if (!asking) return;
          const { userId, name } = asking.member;
          if (asking.what === 'transfer') await peopleApi.transfer({ userId, password });
          else await peopleApi.remove(userId);
          toast(t(asking.what === 'transfer' ? 'people.transferred' : 'people.removed', { name }));
          await changed();
        }}
      />
    </>
  );
}
