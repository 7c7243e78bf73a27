import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { accountApi } from '../api/accountApi.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { peopleApi } from '../api/peopleApi.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';
import { Logo } from '../ui/Logo.js';
import { SectionTitle } from '../ui/Page.js';
import { Row, RowList } from '../ui/RowList.js';
import { TextField } from '../ui/TextField.js';
import { toast } from '../ui/Toast.js';
import { ConfirmSheet } from './ConfirmSheet.js';

/** Every organization that the person belongs to, and the way into each. */
export function Houses() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const houses = useQuery({
    queryKey: keys.houses,
    queryFn: accountApi.organizations,
    select: ({ items }) => items,
  });
  const [opening, setOpening] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [name, setName] = useState('');
  const go = useMutation({
    mutationFn: (id: string) => accountApi.switchTo(id),
    onSuccess: () => {
      cache.clear();
      return navigate({ to: '/home' });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  const here = houses.data?.find(({ current }) => current);
  return (
    <>
      <SectionTitle
        after={
          <Button size="sm" onClick={() => setOpening(true)}>
            {t('account.houseNew')}
          </Button>
        }
      >
        {t('account.houses')}
      </SectionTitle>
      <RowList label={t('account.houses')}>
        {(houses.data ?? []).map((house) => (
          <Row
            key={house.id}
            lead={<Logo size={32} />}
            title={house.name}
            line={t(`people.roles.${house.role}`)}
            action={
              house.current ? (
                <Chip tone="ok">{t('account.houseHere')}</Chip>
              ) : (
                <Button
                  size="sm"
                  aria-label={`${t('account.houseGo')}: ${house.name}`}
                  loading={go.isPending && go.variables === house.id}
                  onClick={() => go.mutate(house.id)}
                >
                  {t('account.houseGo')}
                </Button>
              )
            }
          />
        ))}
      </RowList>
      {here?.role === 'owner' && (
        <div className="mt-2">
          <Button variant="danger" size="sm" onClick={() => setRemoving(true)}>
            {t('account.houseRemove')}
          </Button>
        </div>
      )}
      <ConfirmSheet
        open={opening}
        onClose={() => setOpening(false)}
        title={t('account.houseNew')}
        label={t('account.houseNew')}
        act={async () => {
          const made = await accountApi.makeOrganization(name.trim());
          setName('');
          toast(t('account.houseMade', { name: made.name }));
          await accountApi.switchTo(made.id);
          cache.clear();
          await navigate({ to: '/hire' });
        }}
      >
        <TextField
          name="name"
          label={t('account.houseName')}
          placeholder={t('auth.fields.organizationNameExample')}
          value={name}
          maxLength={255}
          onChange={(event) => setName(event.target.value)}
        />
      </ConfirmSheet>
      <ConfirmSheet
        open={removing}
        onClose={() => setRemoving(false)}
        title={t('account.houseRemove')}
        text={t('account.houseRemoveText')}
        label={t('account.removeDo')}
        withPassword
        danger
        act={async (password) => {
          await peopleApi.removeOrganization(password);
          await navigate({ to: '/' });
        }}
      />
    </>
  );
}
