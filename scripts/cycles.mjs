// Circles among files, by what each imports: for `scripts/rooms.mjs`.

/** Groups of files that reach each other (Tarjan's strongly connected components) of more than one file, or of one that imports itself. */
export function cyclicGroups(edges) {
  const state = new Map();
  const stack = [];
  const groups = [];
  function visit(file) {
    const own = { index: state.size, low: state.size, onStack: true };
    state.set(file, own);
    stack.push(file);
    for (const { to } of edges.get(file) ?? []) {
      const next = state.get(to) ?? visit(to);
      if (next.onStack) own.low = Math.min(own.low, next.low);
    }
    if (own.low === own.index) {
      const group = stack.splice(stack.indexOf(file));
      for (const member of group) state.get(member).onStack = false;
      if (group.length > 1 || edges.get(file)?.some(({ to }) => to === file)) groups.push(new Set(group));
    }
    return own;
  }
  for (const file of edges.keys()) if (!state.has(file)) visit(file);
  return groups;
}

/** A shortest way inside a group from a file back to itself, as edges. */
export function shortestCycle(start, group, edges) {
  const arrivals = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const edge of edges.get(file) ?? []) {
      if (!group.has(edge.to) || arrivals.has(edge.to)) continue;
      arrivals.set(edge.to, edge);
      queue.push(edge.to);
    }
  }
  const path = [];
  let at = start;
  do {
    const edge = arrivals.get(at);
    path.unshift(edge);
    at = edge.from;
  } while (at !== start);
  return path;
}
