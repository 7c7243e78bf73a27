import { join } from 'node:path';
import { expect, it } from 'vitest';
import { closedRanges } from '#engine/egress/address.js';

/** What operators load into the network is what the guard refuses: written from the same list by `npx vitest run tests/contracts/egressNetwork.test.ts --update`. */
const folder = join(import.meta.dirname, '../../deploy/network');
const ranges = closedRanges();
const [v4, v6] = [ranges.filter((range) => !range.includes(':')), ranges.filter((range) => range.includes(':'))];

it('the routes of a worker close what the guard closes', async () => {
  const lines = [
    '# Loaded where the worker lives, by `ip -batch closed.routes`: everything that is no public address is unreachable there.',
    '# Routes to the stores (PostgreSQL, Redis) and to a resolver are more specific and go on working.',
    ...ranges.map((range) => `route add unreachable ${range}`),
  ];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(folder, 'closed.routes'));
});

it('the policy of a cluster closes what the guard closes', async () => {
  const except = (all: readonly string[]): string => all.map((range) => `              - ${range}\n`).join('');
  const policy = `# Workers reach public addresses, the stores and the resolver, and nothing else.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: worker-egress
spec:
  podSelector:
    matchLabels: { app: ai-departments, role: worker }
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: { app: ai-departments-store }
    - to:
        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: kube-system }
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except:
${except(v4)}        - ipBlock:
            cidr: 2000::/3
            except:
${except(v6.filter((range) => !['::/3', '4000::/2', '8000::/1'].includes(range)))}`;
  await expect(policy).toMatchFileSnapshot(join(folder, 'kubernetes.yaml'));
});
