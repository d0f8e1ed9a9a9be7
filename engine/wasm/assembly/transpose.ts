/** Rows of n elements become columns, four by four: element (i, j) from `a` goes to (j, i) from `to` on. */
export function transpose(rows: i32, n: i32, a: usize, to: usize): void {
  const aStep = (<usize>n) << 2;
  const toStep = (<usize>rows) << 2;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let from = a + <usize>i * aStep;
    let at = to + ((<usize>i) << 2);
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const r0 = v128.load(from);
      const r1 = v128.load(from + aStep);
      const r2 = v128.load(from + 2 * aStep);
      const r3 = v128.load(from + 3 * aStep);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(at, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(at + toStep, v128.shuffle<f64>(low01, low23, 1, 3));
      v128.store(at + 2 * toStep, v128.shuffle<f64>(high01, high23, 0, 2));
      v128.store(at + 3 * toStep, v128.shuffle<f64>(high01, high23, 1, 3));
      from += 16;
      at += 4 * toStep;
    }
    for (; j < n; j++) {
      for (let r: usize = 0; r < 4; r++) f32.store(at + 4 * r, f32.load(from + r * aStep));
      from += 4;
      at += toStep;
    }
  }
  for (; i < rows; i++)
    for (let j = 0; j < n; j++)
      f32.store(to + <usize>j * toStep + ((<usize>i) << 2), f32.load(a + <usize>i * aStep + ((<usize>j) << 2)));
}
