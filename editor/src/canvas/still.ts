/**
 * How far a hand may move while it presses and still has pressed, screen pixels. React Flow's own is none: a press that moves by one pixel is then neither a
 * press nor a drag, and nothing happens.
 */
export const STILL_PX = 4;
