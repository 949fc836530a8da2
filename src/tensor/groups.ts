/**
 * The members of a group, by the rest of their names: programs, their feeds and their results call the member `key` of a
 * group `group/key`.
 *
 * @example
 * groupOf({ 'gradient/w': a, loss: b }, 'gradient'); // { w: a }
 */
export function groupOf<T>(named: Readonly<Record<string, T>>, group: string): Record<string, T> {
  const prefix = `${group}/`;
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

/**
 * A group's members under the names that programs have for them: the other way round than {@link groupOf}.
 *
 * @example
 * grouped('gradient', { w: a }); // { 'gradient/w': a }
 */
export function grouped<T>(group: string, members: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [`${group}/${key}`, value]));
}
