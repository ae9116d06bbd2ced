/** How far ahead of the screen a part of the page is made ready, in pixels. */
const AHEAD = 600;

/** Does something once an element comes near the screen. */
export function whenNear(of: Element, act: () => void): void {
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      act();
    },
    { rootMargin: `${AHEAD}px` },
  );
  near.observe(of);
}
