import assert from "node:assert/strict";
import { callOf, nameOf } from "./opinfo/call";
import { check, type Expectations } from "./opinfo/check";
import { type Exception, exceptions } from "./opinfo/exceptions";
import { readCoreOperators, readSamples, type Sample } from "./opinfo/vectors";

type Vectors = Exception["vectors"];

/** The names of backward steps have changed between PyTorch 1.13, which answered in float32, and 2.13. */
const expectations: Record<Vectors, Expectations> = {
  float32: { tolerance: { relative: 1e-4, absolute: 1e-5 }, gradFnNames: false },
  float64: { tolerance: { relative: 1e-7, absolute: 1e-9 }, gradFnNames: true },
};

const samples = (["float32", "float64"] as const).flatMap((vectors) =>
  readSamples(`opinfo-${vectors}.jsonl.gz`).map((sample) => ({ vectors, sample })),
);

function exceptionFor(vectors: Vectors, sample: Sample): Exception | undefined {
  return exceptions.find(
    (each) => each.vectors === vectors && each.operator === nameOf(sample) && each.samples.includes(sample.i),
  );
}

/** What is wrong with the engine's answer, or with it being an exception; null if nothing is. */
function complaint(vectors: Vectors, sample: Sample): string | null {
  const exception = exceptionFor(vectors, sample);
  const title = `${vectors} ${nameOf(sample)} #${sample.i}`;
  try {
    check(sample, expectations[vectors]);
  } catch (error) {
    return exception === undefined ? `${title}: ${(error as Error).message}` : null;
  }
  return exception === undefined ? null : `${title}: passes, and need not be an exception any more`;
}

describe("operators, on PyTorch's own samples", () => {
  const offered = samples.filter(({ sample }) => callOf(sample) !== null);
  for (const op of new Set(offered.map(({ sample }) => sample.op))) {
    const group = offered.filter(({ sample }) => sample.op === op);
    it(`${op} gives PyTorch's values, dtypes, backward steps and gradients`, () => {
      const complaints = group.map(({ vectors, sample }) => complaint(vectors, sample));
      assert.deepEqual(
        complaints.filter((each) => each !== null),
        [],
      );
    });
  }

  it("offers every operator that lessons and small models need", () => {
    const names = new Set(offered.map(({ sample }) => nameOf(sample)));
    assert.deepEqual(
      readCoreOperators().filter((name) => !names.has(name)),
      [],
    );
  });

  it("has no exceptions for samples that are not there", () => {
    const known = new Set(offered.map(({ vectors, sample }) => `${vectors} ${nameOf(sample)} ${sample.i}`));
    const listed = exceptions.flatMap(({ vectors, operator, samples }) =>
      samples.map((i) => `${vectors} ${operator} ${i}`),
    );
    assert.deepEqual(
      listed.filter((each) => !known.has(each)),
      [],
    );
  });
});
