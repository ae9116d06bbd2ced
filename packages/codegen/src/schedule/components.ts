/**
 * The strongly connected components of a graph, each after those it has edges to; within one, nodes in their order.
 * R. Tarjan, "Depth-first search and linear graph algorithms", 1972; with a stack of its own, as graphs are deep.
 *
 * @param edges  for each node, the nodes it has edges to
 */
export function componentsOf(edges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const index = new Array<number>(edges.length).fill(-1);
  const low = new Array<number>(edges.length).fill(0);
  const open = new Array<boolean>(edges.length).fill(false);
  const stack: number[] = [];
  const components: number[][] = [];
  let count = 0;
  const enter = (node: number): { node: number; next: number } => {
    index[node] = low[node] = count++;
    stack.push(node);
    open[node] = true;
    return { node, next: 0 };
  };
  for (const root of edges.keys()) {
    const path = index[root] === -1 ? [enter(root)] : [];
    while (path.length > 0) {
      const here = path.at(-1)!;
      const { node } = here;
      const to = edges[node]![here.next++];
      if (to !== undefined) {
        if (index[to] === -1) path.push(enter(to));
        else if (open[to]) low[node] = Math.min(low[node]!, index[to]!);
        continue;
      }
      path.pop();
      const from = path.at(-1)?.node;
      if (from !== undefined) low[from] = Math.min(low[from]!, low[node]!);
      if (low[node] !== index[node]) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const each of component) open[each] = false;
      components.push(component.sort((a, b) => a - b));
    }
  }
  return components;
}
