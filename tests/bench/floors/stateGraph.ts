import { Annotation, START, StateGraph } from '@langchain/langgraph';

/** `count` nodes in a row on LangGraph's StateGraph, each with a channel and a value of its own; nothing is saved. Called as documented. */
export function stateGraphOf(count: number): () => Promise<unknown> {
  const text = 'a result of ordinary size, about a hundred characters long, as a template or a condition gives';
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  const state = Annotation.Root({
    trigger: Annotation<unknown>(),
    ...Object.fromEntries(names.map((name) => [`s_${name}`, Annotation<unknown>()])),
  });
  const builder = new StateGraph(state);
  // The builder's type grows with each node that it is given by name; these names are made at run time.
  const graph = builder as unknown as {
    addNode(name: string, run: () => Record<string, unknown>): void;
    addEdge(from: string, to: string): void;
  };
  names.forEach((name, index) => {
    graph.addNode(name, () => ({ [`s_${name}`]: { port: 'out', value: { text } } }));
    graph.addEdge(names[index - 1] ?? START, name);
  });
  const compiled = builder.compile();
  return () => compiled.invoke({ trigger: {} }, { recursionLimit: count * 2 + 10 });
}
