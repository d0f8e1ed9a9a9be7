import assert from "node:assert/strict";
import { pythonStr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/views.json";

// Drawn from PyTorch by scripts/vectors/views.py, which has the same cases in Python.

type Tensor = InstanceType<typeof torch.Tensor>;
type Ctx = InstanceType<typeof torch.autograd.function.FunctionCtx>;
type Keywords = Parameters<typeof torch.utils.checkpoint.checkpoint>[1] & object;

const { checkpoint } = torch.utils.checkpoint;
const { saved_tensors_hooks } = torch.autograd.graph;
const { Function: CustomFunction } = torch.autograd;

const shown = (value: unknown): string =>
  Array.isArray(value) && value[0] instanceof torch.Tensor
    ? pythonStr(value.map((each) => pythonStr(each)))
    : pythonStr(value);

/** What each shows, or how it is refused. */
function attempts(...functions: (() => unknown)[]): string[] {
  return functions.map((f) => {
    try {
      return shown(f());
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  });
}

const nameOf = (t: Tensor) => t.grad_fn?.name() ?? null;
const ones = (...size: number[]) => torch.ones(size, { requires_grad: true });
const isSame = (a: unknown, b: unknown) => a === b;

const parts: Record<string, (t: Tensor) => Tensor[]> = {
  split: (t) => t.split(2),
  chunk: (t) => t.chunk(2),
  "split of sizes": (t) => t.split([1, 3]),
  tensor_split: (t) => t.tensor_split(2),
  unbind: (t) => t.unbind(),
};

class Same extends CustomFunction {
  static override forward(_ctx: Ctx, x: Tensor) {
    return x;
  }
  static override backward(_ctx: Ctx, grad: Tensor) {
    return grad.mul(10);
  }
}

class Flat extends Same {
  static override forward(_ctx: Ctx, x: Tensor) {
    return x.view(-1);
  }
  static override backward(_ctx: Ctx, grad: Tensor) {
    return grad.view(2, 2).mul(10);
  }
}

class Two extends Flat {
  static override forward(_ctx: Ctx, x: Tensor): Tensor {
    return [x.view(-1), x.index(0)] as never;
  }
}

class Detached extends Same {
  static override forward(_ctx: Ctx, x: Tensor) {
    return x.detach();
  }
  static override backward(_ctx: Ctx, grad: Tensor) {
    return grad.mul(7);
  }
}

class Triple extends CustomFunction {
  static override forward(ctx: Ctx, x: Tensor) {
    ctx.mark_dirty(x);
    return x.mul_(3);
  }
  static override backward(_ctx: Ctx, grad: Tensor) {
    return grad.mul(3);
  }
}

class Both extends CustomFunction {
  static override forward(ctx: Ctx, x: Tensor) {
    ctx.mark_dirty(x);
    x.add_(1);
    return [x, x.mul(2)];
  }
  static override backward(_ctx: Ctx, grad: Tensor, other: Tensor) {
    return grad.add(other.mul(2));
  }
}

const cases: Record<string, () => string[]> = {
  "view of a part": () => {
    const base = ones(4).mul(2);
    const view = base.split(2)[0].view(2, 1);
    const lines = attempts(() => view.mul_(2));
    base.mul_(2);
    return [
      ...lines,
      ...attempts(
        () => view.sum(),
        () => nameOf(view),
      ),
    ];
  },
  "views of a leaf after a step": () => {
    const leaf = ones(2, 2);
    const row = leaf.index(0);
    const part = leaf.unbind()[0];
    const lines = attempts(
      () => row.mul_(2),
      () => part.mul_(2),
    );
    torch.no_grad(() => leaf.sub_(0.5));
    lines.push(
      ...attempts(
        () => row,
        () => part.sum(),
      ),
    );
    row.mul(3).sum().backward();
    return [...lines, ...attempts(() => leaf.grad)];
  },
  "view after its base changed": () => {
    const leaf = ones(2, 2);
    const base = leaf.mul(1);
    const view = base.index(0);
    base.mul_(torch.tensor([2, 3]));
    const lines = attempts(() => view);
    view.sum().backward();
    return [...lines, ...attempts(() => leaf.grad)];
  },
  "view made without recording": () => {
    const leaf = ones(2, 2);
    const ofLeaf = torch.no_grad(() => leaf.index(0));
    const lines = attempts(
      () => ofLeaf,
      () => ofLeaf.requires_grad,
      () => ofLeaf.is_leaf,
      () => ofLeaf.mul(2).sum(),
    );
    const base = leaf.mul(2);
    const view = torch.no_grad(() => base.index(0));
    base.mul_(2);
    return [
      ...lines,
      ...attempts(
        () => view.requires_grad,
        () => view,
        () => view.sum(),
        () => view.mul_(2),
      ),
    ];
  },
  "view made in inference mode": () => {
    const base = ones(2, 2).mul(2);
    const view = torch.inference_mode(() => base.index(0));
    return attempts(
      () => view.add_(1),
      () => view.is_inference(),
    );
  },
  "steps in place": () => {
    const wide = () => ones(2, 3).mul(2);
    const pair = () => ones(2).mul(2);
    const one = torch.ones(2);
    const steps: Record<string, () => Tensor> = {
      "unsqueeze_ [0]": () => wide().unsqueeze_(0),
      "squeeze_ []": () => wide().squeeze_(),
      "squeeze_ [0]": () => wide().squeeze_(0),
      "t_ []": () => wide().t_(),
      "transpose_ [0, 1]": () => wide().transpose_(0, 1),
    };
    for (const name of ["eq_", "ne_", "lt_", "le_", "gt_", "ge_", "less_", "greater_equal_"] as const) {
      steps[`${name} tensor`] = () => pair()[name](one);
      steps[`${name} number`] = () => pair()[name](1);
    }
    return Object.entries(steps).map(([name, step]) => `${name}: ${nameOf(step())}`);
  },
  "gradient of a comparison in place": () => {
    const leaf = ones(2);
    leaf.mul(2).lt_(leaf).sum().backward();
    return attempts(
      () => leaf.grad,
      () => leaf.lt_(1),
    );
  },
  "writing to expanded elements": () => {
    const expanded = torch.zeros(3).expand(2, 3);
    return attempts(
      () => expanded.add_(1),
      () => expanded.copy_(torch.ones(2, 3)),
      () => expanded.relu_(),
      () => expanded.fill_(2),
      () => expanded.zero_(),
    );
  },
  "writing to what is read": () => {
    const line = torch.arange(6, { dtype: torch.float32 });
    const from = (start: number, end: number | null) => line.index(torch.slice(start, end));
    return attempts(
      () => from(1, null).copy_(from(0, -1)),
      () => from(1, null).add_(from(0, -1)),
      () => from(3, null).add_(from(0, 3)),
      () => line.add_(line),
    );
  },
  "custom function that changes a view": () => {
    const leaf = ones(2, 2);
    const base = leaf.mul(1);
    const view = base.index(0);
    const changed = Triple.apply(view) as Tensor;
    const lines = attempts(
      () => changed === view,
      () => nameOf(view),
      () => nameOf(base),
    );
    base.sum().add(changed.sum()).backward();
    return [
      ...lines,
      ...attempts(
        () => leaf.grad,
        () => Triple.apply(leaf.index(0)),
        () => Triple.apply(leaf.mul(1).unbind()[0]),
        () => Both.apply(leaf.mul(1).index(0)),
        () => Both.apply(leaf.mul(1)),
      ),
    ];
  },
  "checkpoint that saves less the second time": () => {
    let calls = 0;
    const fewer = (x: Tensor) => (++calls > 1 ? x.sin() : x.sin().exp());
    const y = checkpoint(fewer, ones(2), { use_reentrant: false }).sum();
    return attempts(() => y.backward())[0].split("\n");
  },
  "hooks for saved tensors": () => {
    const lines: string[] = [];
    const a = ones(2);
    const b = a.mul(2);
    const pack = (tensor: Tensor) => {
      lines.push(`pack ${tensor}`);
      return [tensor];
    };
    const unpack = ([tensor]: [Tensor]) => {
      lines.push(`unpack ${tensor}`);
      return tensor;
    };
    saved_tensors_hooks(pack, unpack, () => a.mul(b).exp().sum()).backward();
    const y = saved_tensors_hooks(
      (tensor) => tensor,
      () => 3 as never,
      () => a.mul(a).sum(),
    );
    return [
      ...lines,
      ...attempts(
        () => a.grad,
        () => y.backward(),
      ),
    ];
  },
};

for (const [name, divide] of Object.entries(parts))
  cases[`part of ${name}`] = () => {
    const base = ones(4).mul(2);
    const part = divide(base)[0];
    base.mul_(3);
    const other = ones(4).mul(2);
    const changed = divide(other)[0];
    return attempts(
      () => part,
      () => part.requires_grad,
      () => nameOf(part),
      () => part.sum(),
      () => changed.mul_(2),
      () => nameOf(changed),
      () => nameOf(other),
    );
  };

const leaves: Record<string, () => Tensor> = {
  transposed: () => torch.ones(2, 3).t(),
  permuted: () => torch.ones(2, 3, 4).permute(2, 0, 1),
  expanded: () => torch.ones(3).expand(2, 3),
  strided: () => torch.ones(6).index("::2"),
  "row-major": () => torch.ones(2, 3),
};
for (const [name, make] of Object.entries(leaves))
  cases[`gradient of a leaf: ${name}`] = () => {
    const leaf = make().detach().requires_grad_();
    leaf.mul(2).sum().backward();
    const once = leaf.grad!.stride();
    leaf.sum().backward();
    return attempts(
      () => once,
      () => leaf.grad!.stride(),
    );
  };

const transposed = torch.ones(2, 3).t();
const image = torch.ones(2, 3, 4, 5);
const { channels_last: memory_format } = torch;
const results: Record<string, () => Tensor> = {
  sum: () => transposed.add(1),
  "product with a row-major one": () => torch.ones(3, 2).mul(transposed),
  exp: () => transposed.exp(),
  comparison: () => transposed.gt(0),
  where: () => torch.where(transposed.gt(0), transposed, 0),
  clone: () => transposed.clone(),
  contiguous: () => transposed.contiguous(),
  double: () => transposed.double(),
  zeros_like: () => torch.zeros_like(transposed),
  broadcast: () => image.permute(0, 3, 1, 2).add(torch.ones(5, 1, 1)),
  unsqueezed: () => transposed.unsqueeze(0).add(1),
  expanded: () => torch.ones(3).expand(2, 3).add(1),
  "every other column": () => torch.ones(4, 4).index(":", "::2").add(1),
  "channels last": () => image.contiguous({ memory_format }),
  "to channels last": () => image.to({ memory_format }).mul(2),
  back: () => image.to({ memory_format }).contiguous(),
};
for (const [name, make] of Object.entries(results))
  cases[`strides of a result: ${name}`] = () =>
    attempts(
      () => make().stride(),
      () => make().is_contiguous(),
    );
cases["strides of a result: viewed"] = () =>
  attempts(
    () => transposed.add(1).view(-1),
    () => transposed.add(1).reshape(-1),
    () => torch.ones(1, 3).t().is_contiguous(),
    () => image.contiguous({ memory_format }).is_contiguous({ memory_format }),
    () => transposed.contiguous({ memory_format }),
  );

for (const custom of [Same, Flat, Two, Detached])
  cases[`view of a custom function: ${custom.name}`] = () => {
    const first = (x: Tensor): Tensor => [custom.apply(x)].flat()[0];
    const leaf = ones(2, 2);
    const base = leaf.mul(1);
    const view = first(base);
    const lines = attempts(
      () => view._is_view(),
      () => isSame(view, base),
      () => isSame(view._base, base),
      () => view.mul_(2),
    );
    const second = leaf.mul(1);
    const lost = first(second);
    second.mul_(2);
    lines.push(
      ...attempts(
        () => lost,
        () => lost.sum(),
      ),
    );
    first(leaf.mul(1)).sum().backward();
    const plain = torch.ones(2, 2);
    const given = first(plain);
    return [
      ...lines,
      ...attempts(
        () => leaf.grad,
        () => isSame(given, plain),
        () => given.requires_grad,
        () => given.add_(1),
      ),
    ];
  };

const checkpoints: Record<string, Keywords> = {
  default: {},
  reentrant: { use_reentrant: true },
  "not reentrant": { use_reentrant: false },
  "to the end": { use_reentrant: false, early_stop: false },
};
for (const [name, keywords] of Object.entries(checkpoints))
  cases[`checkpoint, ${name}`] = () => {
    const lines: string[] = [];
    const run = (x: Tensor) => {
      lines.push(`run, recording: ${pythonStr(torch.is_grad_enabled())}`);
      const y = x.mul(2);
      const z = y.exp();
      lines.push("end");
      return z.mul(y);
    };
    const leaf = ones(2);
    const start = (): Tensor => checkpoint(run, leaf, keywords as never);
    const attempt = (...functions: (() => unknown)[]) => {
      const shownLines = attempts(...functions);
      lines.push(...shownLines);
    };
    let y = start();
    attempt(
      () => y,
      () => y.sum().backward(),
      () => leaf.grad,
      () => y.sum().backward(),
    );
    y = start();
    attempt(() => torch.autograd.grad(y.sum(), leaf));
    y = start();
    attempt(() => y.sum().backward({ inputs: [leaf] }));
    y = start();
    attempt(
      () => y.sum().backward({ retain_graph: true }),
      () => y.sum().backward(),
      () => leaf.grad,
    );
    return lines;
  };

describe("tensors that share memory, and what backward saves", () => {
  for (const [name, expected] of Object.entries(vectors))
    it(`${name}: as in PyTorch`, () => {
      assert.deepEqual(cases[name](), expected);
    });
});
