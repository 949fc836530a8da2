/**
 * The element of that name and kind.
 *
 * @throws Error where the page has none
 */
export function part<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

export const button = (id: string): HTMLButtonElement => part(id, HTMLButtonElement);
export const input = (id: string): HTMLInputElement => part(id, HTMLInputElement);
export const element = (id: string): HTMLElement => part(id, HTMLElement);
