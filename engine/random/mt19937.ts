const STATE_SIZE = 624;
const SHIFT_SIZE = 397;

/** The part of the generator's state that PyTorch saves, in its terms. */
export interface Mt19937State {
  state: Uint32Array;
  /** Draws left before the next twist, plus one. */
  left: number;
  /** Index of the next word. */
  next: number;
}

/** The 32-bit Mersenne Twister of Matsumoto and Nishimura (2002). Source: at::mt19937. */
export class Mt19937 {
  private readonly state = new Uint32Array(STATE_SIZE);
  private left = 1;
  private next = 0;

  /** Only the low 32 bits of a seed reach the twister. */
  seed(low32: number): void {
    const { state } = this;
    state[0] = low32;
    for (let j = 1; j < STATE_SIZE; j++) {
      const previous = state[j - 1];
      state[j] = Math.imul(1812433253, previous ^ (previous >>> 30)) + j;
    }
    this.left = 1;
    this.next = 0;
  }

  /** The next 32 bits, as an integer in [0, 2³²). */
  random(): number {
    if (--this.left === 0) this.twist();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  save(): Mt19937State {
    return { state: this.state.slice(), left: this.left, next: this.next };
  }

  restore({ state, left, next }: Mt19937State): void {
    this.state.set(state);
    this.left = left;
    this.next = next;
  }

  private twist(): void {
    const { state } = this;
    const split = STATE_SIZE - SHIFT_SIZE;
    for (let j = 0; j < split; j++) state[j] = state[j + SHIFT_SIZE] ^ mix(state[j], state[j + 1]);
    for (let j = split; j < STATE_SIZE - 1; j++) state[j] = state[j - split] ^ mix(state[j], state[j + 1]);
    state[STATE_SIZE - 1] = state[SHIFT_SIZE - 1] ^ mix(state[STATE_SIZE - 1], state[0]);
    this.left = STATE_SIZE;
    this.next = 0;
  }
}

/** Upper bit of `u` and lower bits of `v`, times the twist matrix. */
function mix(u: number, v: number): number {
  return (((u & 0x80000000) | (v & 0x7fffffff)) >>> 1) ^ (v & 1 ? 0x9908b0df : 0);
}
