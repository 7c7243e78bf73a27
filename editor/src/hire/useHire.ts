import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { TemplateView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';

export type HireStep = 'create' | 'publish' | 'simulator';

/** Hires a department: created from its template, published, given a simulator, and shown answering. */
export function useHire() {
  const { of } = useTexts();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [step, setStep] = useState<HireStep>('create');

  const hiring = useMutation({
    mutationFn: async (template: TemplateView): Promise<string> => {
      setStep('create');
      const department = await api.createDepartment({ name: of(template.title), template: template.slug });
      setStep('publish');
      await api.publish(department.id);
      setStep('simulator');
      await api.openSimulator(department.id);
      return department.id;
    },
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: keys.departments }),
        cache.invalidateQueries({ queryKey: keys.channels }),
      ]),
    onSuccess: (departmentId) => navigate({ to: '/departments/$departmentId/simulator', params: { departmentId } }),
  });
  return { hiring, step };
}
