/** A screen cannot go on: the file, the gateway or the output does not allow it. The message says what would be right. */
export class ScreenError extends Error {
  override readonly name = 'ScreenError';
}

/** An option that does not fit the list. */
export class ScreenUsageError extends ScreenError {}
