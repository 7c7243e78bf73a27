import { useState } from 'react';
import type { Definition, DepartmentView, PublicNode } from '../api/types.js';
import { useOrganization } from '../app/useOrganization.js';
import { RunStage, type RunPart } from '../runs/RunStage.js';
import { useDesktop } from '../runs/useDesktop.js';
import { Conversation } from './Conversation.js';
import { useLiveRuns } from '../runs/useLiveRuns.js';
import { simulatorChannel } from './simulatorChannel.js';
import { useSimulation } from './useSimulation.js';
import type { Visit } from './visit.js';

interface StageProps {
  readonly department: DepartmentView;
  readonly definition: Definition;
  readonly nodeTypes: readonly PublicNode[];
  readonly visit: Visit;
  readonly onVisit: (change: (visit: Visit) => Visit) => void;
}

/** The customer's phone beside the department at work. */
export function Stage({ department, definition, nodeTypes, visit, onVisit }: StageProps) {
  const desktop = useDesktop();
  const { name } = useOrganization();
  const [part, setPart] = useState<RunPart>('chat');
  const [chosenRunId, chooseRun] = useState<string | null>(null);
  const [chosenNode, chooseNode] = useState<string | null>(null);
  const { persona } = visit;
  const from = `${persona}-${visit.round}`;
  const simulation = useSimulation({
    channel: simulatorChannel(department.id, 'live'),
    persona,
    from,
    conversationId: visit.conversations[from] ?? null,
    onConversation: (id) =>
      onVisit((before) => ({ ...before, conversations: { ...before.conversations, [from]: id } })),
  });
  const live = useLiveRuns(simulation.conversationId, chosenRunId);

  return (
    <RunStage
      definition={definition}
      nodeTypes={nodeTypes}
      team={department.type}
      run={live.run}
      chosenNode={chosenNode}
      onChooseNode={chooseNode}
      part={part}
      onPart={setPart}
      chat={
        <Conversation
          business={name}
          simulation={{
            ...simulation,
            say: (text, buttonId) => {
              // What is sent now is what one wants to watch.
              chooseRun(null);
              chooseNode(null);
              simulation.say(text, buttonId);
            },
          }}
          live={live}
          persona={persona}
          onPersona={(next) => onVisit((before) => ({ ...before, persona: next }))}
          chosenRunId={chosenRunId}
          onChooseRun={(runId) => {
            chooseRun(runId);
            chooseNode(null);
            if (!desktop) setPart('steps');
          }}
        />
      }
    />
  );
}
