import type { Tensor } from './tensor.js';

/** Every tensor that `roots` need, each after its inputs. Iterative, for graphs of any depth. */
export function topologicalOrder(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: { readonly tensor: Tensor; next: number }[] = [];
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    stack.push({ tensor, next: 0 });
  };
  for (const root of roots) {
    visit(root);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const input = frame.tensor.inputs[frame.next++];
      if (input !== undefined) visit(input);
      else {
        order.push(frame.tensor);
        stack.pop();
      }
    }
  }
  return order;
}
