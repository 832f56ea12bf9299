import type { Attachment } from 'svelte/attachments';

const callbacks = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

/** Calls `paint` once the element has come near the window's visible part, and at once when it is there. */
export const whenSeen =
  <E extends Element>(paint: (element: E) => void): Attachment<E> =>
  (element) => {
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          observer!.unobserve(entry.target);
          callbacks.get(entry.target)?.();
        }
      },
      { rootMargin: '200px' },
    );
    callbacks.set(element, () => paint(element));
    observer.observe(element);
    return () => {
      observer!.unobserve(element);
      callbacks.delete(element);
    };
  };
