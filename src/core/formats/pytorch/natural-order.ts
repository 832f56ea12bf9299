/** Names in the order that a person gives them: `features.2` before `features.10`. */
export const naturally = (a: string, b: string): number => COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

const COLLATOR = new Intl.Collator('en', { numeric: true });
