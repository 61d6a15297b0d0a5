/** How many answers a purchase may still buy. */
export class Allowance {
  #left: number;
  #bought = 0;

  /** @param limit answers */
  constructor(limit: number) {
    this.#left = limit;
  }

  get left(): number {
    return this.#left;
  }

  get bought(): number {
    return this.#bought;
  }

  /**
   * Runs an operation that needs at most `wanted` answers with the limit that is left for it, and takes off what it bought.
   * Operations at the same time can never buy more than the allowance together.
   */
  async spend<T extends { readonly bought: number }>(
    wanted: number,
    operation: (limit: number) => Promise<T>,
  ): Promise<T> {
    const limit = Math.min(wanted, this.#left);
    this.#left -= limit;
    const answer = await operation(limit);
    this.#left += limit - answer.bought;
    this.#bought += answer.bought;
    return answer;
  }
}
