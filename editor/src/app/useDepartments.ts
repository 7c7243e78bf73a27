import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';

export function useDepartments() {
  return useQuery({ queryKey: keys.departments, queryFn: api.departments, select: (page) => page.items });
}
