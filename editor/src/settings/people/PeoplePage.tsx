import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { peopleApi, type Member } from '../../api/peopleApi.js';
import { useManages } from '../../app/useMayAct.js';
import { useOrganization } from '../../app/useOrganization.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { EmailAddress } from '../../ui/EmailAddress.js';
import { Face } from '../../ui/Face.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { Row, RowList } from '../../ui/RowList.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { toast } from '../../ui/Toast.js';
import { ConfirmSheet } from '../ConfirmSheet.js';
import { Invitations } from './Invitations.js';
import { InviteSheet } from './InviteSheet.js';
import { MemberSheet } from './MemberSheet.js';
import { useGrantText } from './useGrantText.js';

/** Who works in this house, who was asked to, and what each may do. */
export function PeoplePage() {
  const { t, locale } = useTexts();
  const navigate = useNavigate();
  const grantText = useGrantText();
  const { user, organization } = useOrganization();
  const members = useQuery({ queryKey: keys.members, queryFn: peopleApi.members, select: ({ items }) => items });
  const [inviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<Member | null>(null);
  const [leaving, setLeaving] = useState(false);
  const manages = useManages();

  return (
    <Page
      title={t('people.title')}
      lead={t('people.lead')}
      back="/settings"
      action={
        manages && (
          <Button variant="you" icon={<UserPlus size={16} aria-hidden="true" />} onClick={() => setInviting(true)}>
            {t('people.invite')}
          </Button>
        )
      }
    >
      {members.isError && <Notice tone="danger">{explain(members.error, t)}</Notice>}
      {members.isPending && <Skeleton className="h-[180px]" />}
      {members.data && (
        <RowList label={t('people.title')}>
          {members.data.map((member) => {
            const me = member.userId === user?.id;
            const editable = manages && !me && member.role !== 'owner';
            return (
              <Row
                key={member.userId}
                lead={<Face name={member.name} you={me} size={36} />}
                title={me ? `${member.name} (${t('people.you')})` : member.name}
                line={
                  <>
                    <span className="block desk:inline">
                      <EmailAddress>{member.email}</EmailAddress>
                    </span>
                    <span className="hidden desk:inline"> · </span>
                    {grantText(member.departments) ??
                      t('people.joined', { when: new Date(member.joinedAt).toLocaleDateString(locale) })}
                  </>
                }
                wrap
                action={
                  editable ? (
                    <Button
                      size="sm"
                      aria-label={t('people.edit', { name: member.name })}
                      onClick={() => setEditing(member)}
                    >
                      {t(`people.roles.${member.role}`)}
                    </Button>
                  ) : (
                    <Chip>{t(`people.roles.${member.role}`)}</Chip>
                  )
                }
              />
            );
          })}
        </RowList>
      )}
      {manages && <Invitations />}
      {organization && organization.role !== 'owner' && (
        <Button className="mt-8" variant="danger" onClick={() => setLeaving(true)}>
          {t('people.leave')}
        </Button>
      )}
      <InviteSheet open={inviting} onClose={() => setInviting(false)} />
      <MemberSheet member={editing} owner={organization?.role === 'owner'} onClose={() => setEditing(null)} />
      <ConfirmSheet
        open={leaving}
        onClose={() => setLeaving(false)}
        title={t('people.leave')}
        text={t('people.leaveText')}
        label={t('people.leave')}
        danger
        act={async () => {
          await peopleApi.leave();
          toast(t('people.left'));
          await navigate({ to: '/' });
        }}
      />
    </Page>
  );
}
