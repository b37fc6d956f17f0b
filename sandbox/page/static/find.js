// Finding the element that an event is about.

/**
 * @param {EventTarget | null} target
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function near(target, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}
