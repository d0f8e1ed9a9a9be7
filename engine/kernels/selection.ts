// Selecting the smallest of many as the C++ standard library does it (libstdc++). These algorithms are not
// stable: which of several equal elements they put where is part of what PyTorch returns as indices.

/** Whether the element with id `a` must stand before the one with id `b`. */
export type Before = (a: number, b: number) => boolean;

/** Puts the element that belongs at `nth` there, smaller ones before it. Source: std::nth_element. */
export function nthElement(ids: Uint32Array, nth: number, before: Before): void {
  let first = 0;
  let last = ids.length;
  if (nth >= last) return;
  for (let depth = depthLimit(last); last - first > 3; depth--) {
    if (depth === 0) {
      heapSelect(ids, first, nth + 1, last, before);
      swap(ids, first, nth);
      return;
    }
    const cut = partitionAroundMedian(ids, first, last, before);
    if (cut <= nth) first = cut;
    else last = cut;
  }
  insertionSort(ids, first, last, before);
}

/** Sorts the elements before `end`. Source: std::sort. */
export function sortFirst(ids: Uint32Array, end: number, before: Before): void {
  if (end < 2) return;
  introsort(ids, 0, end, depthLimit(end), before);
  insertionSort(ids, 0, Math.min(end, SMALL), before);
  for (let i = SMALL; i < end; i++) insertBackwards(ids, i, before);
}

/** Puts the `middle` smallest elements in front, sorted. Source: std::partial_sort. */
export function partialSort(ids: Uint32Array, middle: number, before: Before): void {
  sortByHeap(ids, 0, middle, ids.length, before);
}

/** Ranges up to this are left to the final insertion sort. */
const SMALL = 16;

function depthLimit(length: number): number {
  return 2 * (31 - Math.clz32(length));
}

function introsort(ids: Uint32Array, first: number, end: number, limit: number, before: Before): void {
  let last = end;
  for (let depth = limit; last - first > SMALL; ) {
    if (depth === 0) {
      sortByHeap(ids, first, last, last, before);
      return;
    }
    depth--;
    const cut = partitionAroundMedian(ids, first, last, before);
    introsort(ids, cut, last, depth, before);
    last = cut;
  }
}

function partitionAroundMedian(ids: Uint32Array, first: number, last: number, before: Before): number {
  const middle = first + ((last - first) >> 1);
  swap(ids, first, medianOf(ids, first + 1, middle, last - 1, before));
  const pivot = ids[first];
  let left = first + 1;
  let right = last;
  for (;;) {
    while (before(ids[left], pivot)) left++;
    right--;
    while (before(pivot, ids[right])) right--;
    if (left >= right) return left;
    swap(ids, left++, right);
  }
}

function medianOf(ids: Uint32Array, a: number, b: number, c: number, before: Before): number {
  if (before(ids[a], ids[b])) {
    if (before(ids[b], ids[c])) return b;
    return before(ids[a], ids[c]) ? c : a;
  }
  if (before(ids[a], ids[c])) return a;
  return before(ids[b], ids[c]) ? c : b;
}

function insertionSort(ids: Uint32Array, first: number, last: number, before: Before): void {
  for (let i = first + 1; i < last; i++) {
    if (before(ids[i], ids[first])) {
      const id = ids[i];
      ids.copyWithin(first + 1, first, i);
      ids[first] = id;
    } else insertBackwards(ids, i, before);
  }
}

/** Moves the element at `i` to its place among those before it, one of which does not come after it. */
function insertBackwards(ids: Uint32Array, i: number, before: Before): void {
  const id = ids[i];
  let at = i;
  for (; before(id, ids[at - 1]); at--) ids[at] = ids[at - 1];
  ids[at] = id;
}

function sortByHeap(ids: Uint32Array, first: number, middle: number, last: number, before: Before): void {
  heapSelect(ids, first, middle, last, before);
  for (let end = middle - 1; end > first; end--) popHeap(ids, first, end, end, before);
}

function heapSelect(ids: Uint32Array, first: number, middle: number, last: number, before: Before): void {
  const length = middle - first;
  for (let parent = (length - 2) >> 1; parent >= 0; parent--)
    siftDown(ids, first, parent, length, ids[first + parent], before);
  if (length === 0) return;
  for (let i = middle; i < last; i++) if (before(ids[i], ids[first])) popHeap(ids, first, middle, i, before);
}

/** Takes the largest element out of the heap in [first, last), puts it at `result` and what was there in. */
function popHeap(ids: Uint32Array, first: number, last: number, result: number, before: Before): void {
  const id = ids[result];
  ids[result] = ids[first];
  siftDown(ids, first, 0, last - first, id, before);
}

function siftDown(
  ids: Uint32Array,
  first: number,
  top: number,
  length: number,
  id: number,
  before: Before,
): void {
  let hole = top;
  let child = top;
  while (child < (length - 1) >> 1) {
    child = 2 * (child + 1);
    if (before(ids[first + child], ids[first + child - 1])) child--;
    ids[first + hole] = ids[first + child];
    hole = child;
  }
  if (length % 2 === 0 && child === (length - 2) >> 1) {
    child = 2 * child + 1;
    ids[first + hole] = ids[first + child];
    hole = child;
  }
  for (
    let parent = (hole - 1) >> 1;
    hole > top && before(ids[first + parent], id);
    parent = (hole - 1) >> 1
  ) {
    ids[first + hole] = ids[first + parent];
    hole = parent;
  }
  ids[first + hole] = id;
}

function swap(ids: Uint32Array, a: number, b: number): void {
  const id = ids[a];
  ids[a] = ids[b];
  ids[b] = id;
}

/**
 * Puts the k-th smallest element at `k`, by PyTorch's own quickselect. `after(a, b)`: whether element `a`
 * belongs behind `b`. Source: at::native::quick_select_template.
 */
export function quickSelect(ids: Uint32Array, k: number, after: Before): void {
  let left = 0;
  let right = ids.length - 1;
  while (right > left + 1) {
    swap(ids, left + ((right - left) >> 1), left + 1);
    if (after(ids[left + 1], ids[right])) swap(ids, left + 1, right);
    if (after(ids[left], ids[right])) swap(ids, left, right);
    if (after(ids[left + 1], ids[left])) swap(ids, left + 1, left);
    const pivot = ids[left];
    let i = left + 1;
    let j = right;
    for (;;) {
      do i++;
      while (after(pivot, ids[i]));
      do j--;
      while (after(ids[j], pivot));
      if (j < i) break;
      swap(ids, i, j);
    }
    swap(ids, left, j);
    if (j <= k) left = i;
    if (j >= k) right = j - 1;
  }
  if (right === left + 1 && after(ids[left], ids[right])) swap(ids, left, right);
}
