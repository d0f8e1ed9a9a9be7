import assert from "node:assert/strict";
import { pythonStr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/autograd.json";

// Drawn from PyTorch by scripts/vectors/autograd.py, which has the same cases in Python.

type Tensor = InstanceType<typeof torch.Tensor>;
type Ctx = InstanceType<typeof torch.autograd.function.FunctionCtx>;
type Show = (...values: unknown[]) => void;

const { Function: CustomFunction } = torch.autograd;
const leaf = (...data: number[]) => torch.tensor(data, { requires_grad: true });
const plain = (...data: number[]) => torch.tensor(data);

class Scale extends CustomFunction {
  static override forward(ctx: Ctx, x: Tensor, n: number): Tensor {
    ctx.n = n;
    return x.mul(n);
  }
  static override backward(ctx: Ctx, grad: Tensor): unknown {
    return [grad.mul(ctx.n), null];
  }
}

class Square extends CustomFunction {
  static override forward(ctx: Ctx, x: Tensor): Tensor {
    ctx.save_for_backward(x);
    return x.mul(x);
  }
  static override backward(ctx: Ctx, grad: Tensor): unknown {
    const [x] = ctx.saved_tensors;
    return grad.mul(2).mul(x);
  }
}

class Double_ extends CustomFunction {
  static override forward(ctx: Ctx, x: Tensor): Tensor {
    x.mul_(2);
    ctx.mark_dirty(x);
    return x;
  }
  static override backward(_ctx: Ctx, grad: Tensor): unknown {
    return grad.mul(2);
  }
}

const gradients = (give: (grad: Tensor) => unknown) => () => {
  class Returns extends Scale {
    static override backward(_ctx: Ctx, grad: Tensor): unknown {
      return give(grad);
    }
  }
  Returns.apply(leaf(1, 2), 3).sum().backward();
};

const assigns = (value: unknown) => (show: Show) => {
  const x = leaf(1, 2);
  x.grad = value as Tensor;
  show(x.grad);
};

const anomaly = (data: number[], f: (x: Tensor) => Tensor) => () => {
  torch.autograd.detect_anomaly(() =>
    f(leaf(...data))
      .sum()
      .backward(),
  );
};

const { functional } = torch.autograd;
const one = plain(1, 2);
const two = plain(3, 5);
const cubes = (x: Tensor) => x.pow(3).sum();
const squares = (x: Tensor) => x.pow(2);
const constant = () => torch.ones(2);

const derivatives: Record<string, () => unknown> = {
  jacobian: () => functional.jacobian(squares, one),
  "jacobian of several": () => functional.jacobian((a: Tensor, b: Tensor) => [a.mul(b), a.sum()], [one, two]),
  "jacobian that can be differentiated": () =>
    functional.jacobian(squares, leaf(1, 2), { create_graph: true }),
  "jacobian of a constant": () => functional.jacobian(constant, one),
  "jacobian of a constant, strict": () => functional.jacobian(constant, one, { strict: true }),
  "jacobian of a number": () => functional.jacobian((() => 3) as never, one),
  "jacobian at a number": () => functional.jacobian(squares, 3 as unknown as Tensor),
  hessian: () => functional.hessian(cubes, one),
  "hessian of several": () => functional.hessian((a: Tensor, b: Tensor) => a.mul(b).mul(b).sum(), [one, two]),
  "hessian of a vector": () => functional.hessian(squares, one),
  vjp: () => functional.vjp(squares, one, two),
  "vjp of a scalar": () => functional.vjp(cubes, one),
  "vjp without a vector": () => functional.vjp(squares, one),
  "vjp with a wrong vector": () => functional.vjp(squares, one, torch.ones(3)),
  jvp: () => functional.jvp(squares, one, two),
  "jvp without a vector": () => functional.jvp(squares, one),
  "jvp of a constant": () => functional.jvp(constant, one, two),
  hvp: () => functional.hvp(cubes, one, two),
  "hvp of a linear function": () => functional.hvp((x: Tensor) => x.sum(), one, two),
  vhp: () => functional.vhp(cubes, one, two),
};

/** The value and where the gradient is looked at. */
const subgradients: Record<string, (x: Tensor) => Tensor> = {
  "abs at 0": (x) => x.abs(),
  "relu at 0": (x) => x.relu(),
  "max of ties": (x) => x.max(),
  "max by dim of ties": (x) => x.max(0).values,
  "min of ties": (x) => x.min(),
  "maximum of ties": (x) => torch.maximum(x, plain(1, 1)),
  "clamp at its bounds": (x) => x.clamp(-1, 1),
  "sqrt at 0": (x) => x.sqrt(),
  "norm at 0": (x) => (x as unknown as { norm(): Tensor }).norm(),
  sign: (x) => x.sign(),
  "pow 0 at 0": (x) => x.pow(0),
  "prod with a zero": (x) => x.prod(),
  "prod with two zeros": (x) => x.prod(),
  where: (x) => torch.where(leaf(1).gt(0), x.mul(3), leaf(1)),
};
const kinks: Record<string, number[]> = {
  "abs at 0": [0, -0],
  "max of ties": [2, 2, 1],
  "max by dim of ties": [2, 2, 1],
  "min of ties": [1, 1, 1],
  "maximum of ties": [1, 2],
  "clamp at its bounds": [-1, 0, 1, 2],
  "norm at 0": [0, 0],
  sign: [2],
  "prod with a zero": [0, 2, 3],
  "prod with two zeros": [0, 0, 3],
  where: [1],
};

const cases: Record<string, (show: Show) => void> = {
  "custom function": (show) => {
    const x = leaf(1, 2);
    const y = Scale.apply(x, 3);
    show(y, y.grad_fn!.name(), y.grad_fn!.next_functions.length);
    y.sum().backward();
    show(x.grad);
  },
  "custom function, second derivative": (show) => {
    const x = leaf(1, 2);
    const [first] = torch.autograd.grad(Square.apply(x).sum(), x, { create_graph: true });
    const [second] = torch.autograd.grad(first!.sum(), x);
    show(first, second);
  },
  "custom function, no gradient needed": (show) => {
    show(Square.apply(plain(3)));
    torch.no_grad(() => show(Square.apply(leaf(3))));
  },
  "custom function, too few gradients": gradients((g) => g),
  "custom function, too many gradients": gradients((g) => [g, null, g]),
  "custom function, more nulls than arguments": gradients((g) => [g, null, null]),
  "custom function, gradient for a number": gradients((g) => [g, g]),
  "custom function, gradient of a wrong shape": gradients(() => [torch.ones(3), null]),
  "custom function, gradient that is no tensor": gradients(() => [3, null]),
  "custom function without backward": () => {
    class Half extends CustomFunction {
      static override forward(_ctx: Ctx, x: Tensor): Tensor {
        return x.div(2);
      }
    }
    Half.apply(leaf(1)).backward();
  },
  "custom function without forward": () => {
    class Nothing extends CustomFunction {}
    Nothing.apply(leaf(1));
  },
  "custom function saving a number": () => {
    class Saves extends CustomFunction {
      static override forward(ctx: Ctx, x: Tensor): Tensor {
        ctx.save_for_backward(3 as unknown as Tensor);
        return x.mul(1);
      }
    }
    Saves.apply(leaf(1));
  },
  "custom function, second walk": () => {
    const y = Square.apply(leaf(1)).sum();
    y.backward();
    y.backward();
  },
  "custom function without saved tensors, second walk": (show) => {
    const x = leaf(1);
    const y = Scale.apply(x, 2).sum();
    y.backward();
    y.backward();
    show(x.grad);
  },
  "custom function, saved result changed": () => {
    class Exp extends CustomFunction {
      static override forward(ctx: Ctx, x: Tensor): Tensor {
        const y = x.exp();
        ctx.save_for_backward(y);
        return y;
      }
      static override backward(ctx: Ctx, grad: Tensor): unknown {
        return grad.mul(ctx.saved_tensors[0]);
      }
    }
    const y = Exp.apply(leaf(0));
    y.add_(1);
    y.sum().backward();
  },
  "custom function giving back its argument": (show) => {
    class Same extends CustomFunction {
      static override forward(_ctx: Ctx, x: Tensor): Tensor {
        return x;
      }
      static override backward(_ctx: Ctx, grad: Tensor): unknown {
        return grad.mul(5);
      }
    }
    const x = leaf(1);
    const y = Same.apply(x);
    show(y === x, y);
    y.backward();
    show(x.grad);
  },
  mark_dirty: (show) => {
    const x = leaf(1, 2);
    const y = x.mul(1);
    const z = Double_.apply(y);
    show(z === y, y);
    y.sum().backward();
    show(x.grad);
  },
  "mark_dirty of a leaf": () => {
    Double_.apply(leaf(1));
  },
  "mark_dirty of what is not returned": () => {
    class Keeps extends Double_ {
      static override forward(ctx: Ctx, x: Tensor): Tensor {
        x.mul_(2);
        ctx.mark_dirty(x);
        return x.mul(1);
      }
    }
    Keeps.apply(leaf(1).mul(1));
  },
  "mark_non_differentiable and several results": (show) => {
    class Sort extends CustomFunction {
      static override forward(ctx: Ctx, x: Tensor): Tensor[] {
        const [values, places] = x.sort();
        ctx.mark_non_differentiable(places);
        ctx.save_for_backward(places);
        return [values, places, x.mul(2)];
      }
      static override backward(ctx: Ctx, grad: Tensor, none: Tensor, other: Tensor): unknown {
        const [places] = ctx.saved_tensors;
        show(none, other);
        return torch.zeros(3).index_add(0, places, grad).add(other.mul(2));
      }
    }
    const x = leaf(3, 1, 2);
    const [values, places, double] = Sort.apply(x);
    show(values, places, double);
    values
      .mul(plain(1, 10, 100))
      .sum()
      .backward();
    show(x.grad);
  },
  set_materialize_grads: (show) => {
    class Two extends CustomFunction {
      static override forward(ctx: Ctx, x: Tensor): Tensor[] {
        ctx.set_materialize_grads(false);
        return [x.mul(2), x.mul(3)];
      }
      static override backward(_ctx: Ctx, a: Tensor | null, b: Tensor): unknown {
        show(a, b);
        return b.mul(3);
      }
    }
    Two.apply(leaf(1))[1].backward();
  },
  needs_input_grad: (show) => {
    class Add extends CustomFunction {
      static override forward(ctx: Ctx, a: Tensor, b: Tensor, _c: number): Tensor {
        show(ctx.needs_input_grad);
        return a.add(b);
      }
      static override backward(ctx: Ctx, grad: Tensor): unknown {
        show(ctx.needs_input_grad);
        return [grad, null, null];
      }
    }
    Add.apply(leaf(1), torch.ones(1), 3).backward();
  },
  once_differentiable: (show) => {
    class Once extends Square {
      static override backward = torch.autograd.function.once_differentiable(
        (ctx: Ctx, grad: Tensor): unknown => grad.mul(2).mul(ctx.saved_tensors[0]),
      );
    }
    const x = leaf(3);
    show(torch.autograd.grad(Once.apply(x), x)[0]);
    const start = torch.ones(1, { requires_grad: true });
    const [y] = torch.autograd.grad(Once.apply(x), x, start, { create_graph: true });
    y!.backward();
  },
  setup_context: (show) => {
    class Power extends CustomFunction {
      static override forward(x: Tensor, n: number): Tensor {
        return x.pow(n);
      }
      static setup_context(ctx: Ctx, [x, n]: [Tensor, number]): void {
        ctx.save_for_backward(x);
        ctx.n = n;
      }
      static override backward(ctx: Ctx, grad: Tensor): unknown {
        const [x] = ctx.saved_tensors;
        return [grad.mul(ctx.n).mul(x.pow(ctx.n - 1)), null];
      }
    }
    const x = leaf(3);
    (Power.apply as (...args: unknown[]) => Tensor).call(Power, x, 3).backward();
    show(x.grad);
  },
  "hooks run in order: tensor's, retained gradient, node's": (show) => {
    const x = leaf(1, 1);
    const y = x.mul(2);
    y.retain_grad();
    y.register_hook((grad) => {
      show("tensor", grad);
      return grad.mul(10);
    });
    y.grad_fn!.register_hook((sent, got) => show("after", sent[0], got[0]));
    y.grad_fn!.register_prehook((got) => show("before", got[0]));
    y.sum().backward();
    show(y.grad, x.grad, y.retains_grad);
  },
  "a node's hooks replace gradients": (show) => {
    const x = leaf(1);
    const y = x.mul(2);
    y.grad_fn!.register_prehook((got) => [got[0]!.add(1)]);
    y.grad_fn!.register_hook((sent) => [sent[0]!.mul(100), ...sent.slice(1)]);
    y.backward();
    show(x.grad);
  },
  "post accumulate grad hook": (show) => {
    const x = leaf(1);
    const handle = x.register_post_accumulate_grad_hook((p) => show("accumulated", p.grad));
    x.mul(2).backward();
    x.mul(3).backward();
    handle.remove();
    x.mul(4).backward();
    show(x.grad);
  },
  "post accumulate grad hook on a non-leaf": () => {
    leaf(1)
      .mul(2)
      .register_post_accumulate_grad_hook(() => {});
  },
  "hook on a tensor without gradient": () => {
    torch.ones(1).register_hook((g) => g);
  },
  "hook that changes the size": () => {
    const y = leaf(1).mul(2);
    y.register_hook(() => torch.ones(5));
    y.backward();
  },
  "hook that returns a number": () => {
    const y = leaf(1).mul(2);
    y.register_hook((() => 3) as never);
    y.backward();
  },
  "retain_grad without gradient": () => {
    torch.ones(1).retain_grad();
  },
  "backward with inputs": (show) => {
    const [a, b] = [leaf(1, 1), leaf(2, 2)];
    const c = a.mul(b);
    c.mul(3)
      .sum()
      .backward({ inputs: [a, c] });
    show(a.grad, b.grad, c.grad);
  },
  "backward with no inputs": () => {
    leaf(1).sum().backward({ inputs: [] });
  },
  "backward with inputs without gradient": () => {
    leaf(1)
      .sum()
      .backward({ inputs: [torch.ones(1)] });
  },
  "backward of several roots": (show) => {
    const x = leaf(1, 2);
    torch.autograd.backward([x.sum(), x.mul(3)], [null, plain(1, 10)]);
    show(x.grad);
  },
  "grad with an unused input": (show) => {
    const [x, other] = [leaf(1), leaf(2)];
    show(torch.autograd.grad(x.mul(2).sum(), [x, other], { materialize_grads: true })[1]);
    torch.autograd.grad(x.mul(2).sum(), [x, other]);
  },
  "grad with contradicting settings": () => {
    const x = leaf(1);
    torch.autograd.grad(x.mul(2).sum(), x, { allow_unused: false, materialize_grads: true });
  },
  "grad of what needs none": () => {
    torch.autograd.grad(torch.ones(1), leaf(1));
  },
  "grad by what needs none": () => {
    torch.autograd.grad(leaf(1).sum(), torch.ones(1));
  },
  "grad assigned": assigns(plain(5, 6)),
  "grad assigned, wrong shape": assigns(torch.ones(3)),
  "grad assigned, wrong dtype": assigns(torch.ones(2, { dtype: torch.int64 })),
  "grad assigned, a number": assigns(3),
  "grad assigned, None": assigns(null),
  "grad assigned, itself": () => {
    const x = leaf(1);
    x.grad = x;
  },
  "data assigned": (show) => {
    const x = leaf(1, 2);
    x.data = plain(5, 6, 7);
    show(x, x.is_leaf);
    x.data.mul_(2);
    show(x);
    x.mul(x).sum().backward();
    show(x.grad);
  },
  "data assigned, integers": () => {
    leaf(1).data = torch.ones(1, { dtype: torch.int64 });
  },
  "data assigned, a number": () => {
    leaf(1).data = 3 as unknown as Tensor;
  },
  "detach_ of a view": () => {
    leaf(1, 2).view(2).detach_();
  },
  detach_: (show) => {
    const y = leaf(1).mul(2);
    y.detach_();
    show(y, y.requires_grad, y.is_leaf);
  },
  "requires_grad of a computed tensor": () => {
    leaf(1).mul(2).requires_grad = true;
  },
  "requires_grad of a computed tensor switched off": () => {
    leaf(1).mul(2).requires_grad_(false);
  },
  "leaf or not": (show) => {
    const x = leaf(1);
    const y = x.mul(2);
    show(x.is_leaf, y.is_leaf, y.detach().is_leaf, torch.ones(1).is_leaf, torch.ones(1).mul(2).is_leaf);
    show(y.grad, y.retains_grad, y.requires_grad, y.detach().requires_grad);
  },
  "inference mode": (show) => {
    const x = leaf(1);
    const t = torch.inference_mode(() => {
      const t = torch.ones(1);
      show(
        t.is_inference(),
        x.mul(2).requires_grad,
        x.view(1).is_inference(),
        torch.is_inference_mode_enabled(),
      );
      torch.enable_grad(() => show(x.mul(2).requires_grad));
      torch.inference_mode(false, () => show(x.mul(2).requires_grad, torch.ones(1).is_inference()));
      return t.add_(1);
    });
    show(
      t,
      t.is_inference(),
      t.view(1).is_inference(),
      t.mul(2).is_inference(),
      torch.is_inference_mode_enabled(),
    );
    show(t.add(x));
  },
  "inference tensor changed outside": () => {
    torch.inference_mode(() => torch.ones(1)).add_(1);
  },
  "inference tensor saved for backward": () => {
    torch.inference_mode(() => torch.ones(1)).mul(leaf(1));
  },
  "inference tensor asked for a gradient": () => {
    torch.inference_mode(() => torch.ones(1)).requires_grad_();
  },
  "inference tensor's version": () => {
    torch.inference_mode(() => torch.ones(1))._version;
  },
  versions: (show) => {
    const x = torch.ones(2);
    show(x._version);
    x.add_(1);
    x.__setitem__([0], 5);
    show(x._version, x.view(2)._version, x.detach()._version, x.clone()._version);
  },
  "retain_grad before an in-place change": (show) => {
    const x = leaf(1, 2);
    const y = x.mul(2);
    y.retain_grad();
    y.mul_(3);
    y.mul(5).sum().backward();
    show(y.grad, x.grad, y.grad_fn!.name());
  },
  "retain_grad twice and on a leaf": (show) => {
    const x = leaf(1, 2);
    x.retain_grad();
    show(x.retains_grad);
    const y = x.mul(2);
    y.retain_grad();
    y.retain_grad();
    y.sum().backward();
    show(y.grad, y.retains_grad);
  },
  "retain_grad over two walks": (show) => {
    const y = leaf(1, 2).mul(2);
    y.retain_grad();
    const z = y.sum();
    z.backward({ retain_graph: true });
    z.backward();
    show(y.grad);
  },
  "unbind changed in place": () => {
    leaf(1, 2).mul(1).unbind(0)[0].mul_(2);
  },
  "detach_ on a base with views": (show) => {
    const x = leaf(1, 2);
    const y = x.mul(1);
    const v = y.select(0, 0);
    y.detach_();
    show(y.requires_grad, v.requires_grad, v.grad_fn!.name());
    v.backward();
    show(x.grad);
  },
  "requires_grad_ on a view of plain": (show) => {
    const base = torch.zeros(3);
    const v = base.narrow(0, 1, 2);
    v.requires_grad_();
    show(v.is_leaf, base.requires_grad);
    v.mul_(2);
  },
  "saved int index changed": () => {
    const index = torch.tensor([0n, 1n]);
    const z = leaf(1, 2).index(index);
    index.add_(0);
    z.sum().backward();
  },
  "saved mask changed": () => {
    const x = leaf(1, 2);
    const mask = x.gt(1);
    const z = torch.where(mask, x, 0);
    mask.logical_not_();
    z.sum().backward();
  },
  "backward with inputs: hooks of a non-leaf": (show) => {
    const x = leaf(1, 2);
    const y = x.mul(2);
    y.register_hook((grad) => {
      show("hook", grad);
      return grad.mul(2);
    });
    const z = y.mul(y).sum();
    z.backward({ inputs: [y], retain_graph: true });
    show(y.grad, x.grad);
    z.backward({ inputs: [x] });
    show(y.grad, x.grad);
  },
  "grad non-scalar without grad": () => {
    torch.autograd.grad(torch.ones(2), torch.ones(1));
  },
  "grad wrong count of grad_outputs": () => {
    const x = leaf(1, 2);
    torch.autograd.grad([x.mul(2), x.mul(3)], x, [torch.ones(2)]);
  },
  "grad of no inputs": () => {
    torch.autograd.grad(leaf(1, 2).mul(2).sum(), []);
  },
  "jacobian strict and vectorize": () => {
    functional.jacobian(squares, leaf(1, 2), { vectorize: true, strict: true });
  },
  "hessian strict of a linear function": () => {
    functional.hessian((x: Tensor) => x.sum(), leaf(1, 2), { strict: true });
  },
  "hessian strict of two inputs": () => {
    const f = (a: Tensor, b: Tensor) => a.mul(a).sum().add(b.sum().mul(0));
    functional.hessian(f, [leaf(1, 2), leaf(1)], { strict: true });
  },
  "hvp strict": () => {
    functional.hvp((x: Tensor) => x.sum(), leaf(1, 2), torch.ones(2), { strict: true });
  },
  "vhp strict": () => {
    functional.vhp((x: Tensor) => x.sum(), leaf(1, 2), torch.ones(2), { strict: true });
  },
  "checkpoint, reentrant, keeps random numbers": (show) => {
    torch.manual_seed(0);
    const x = torch.ones(8, { requires_grad: true });
    const drop = (a: Tensor) => torch.dropout(a, 0.5, true);
    const y = torch.utils.checkpoint.checkpoint(drop, x, { use_reentrant: true });
    show(y);
    torch.rand(3);
    y.sum().backward();
    show(x.grad, torch.rand(2));
  },
  "checkpoint, reentrant, second backward": () => {
    const f = (a: Tensor) => a.mul(a).sin();
    const y = torch.utils.checkpoint.checkpoint(f, leaf(1, 2), { use_reentrant: true }).sum();
    y.backward();
    y.backward();
  },
  "anomaly of a root": anomaly([-1, 4], (x) => x.sqrt()),
  "anomaly of a quotient": anomaly([1, 0], (x) => x.div(x)),
  "anomaly of a product": anomaly([0], (x) => x.sqrt().mul(0)),
};
for (const [name, derive] of Object.entries(derivatives))
  cases[`functional: ${name}`] = (show) => {
    const result = derive();
    for (const value of Array.isArray(result) ? result.flat(2) : [result]) show(value);
  };
for (const [name, f] of Object.entries(subgradients))
  cases[`sub-gradient: ${name}`] = (show) => {
    const x = leaf(...(kinks[name] ?? [0]));
    f(x).sum().backward();
    show(x.grad);
  };

describe("autograd's rules", () => {
  for (const [name, expected] of Object.entries(vectors)) {
    it(`${name}: as in PyTorch`, () => {
      const lines: string[] = [];
      try {
        cases[name]((...values) => void lines.push(values.map((value) => pythonStr(value)).join(" ")));
      } catch (error) {
        lines.push(`${(error as Error).name}: ${(error as Error).message}`);
      }
      assert.deepEqual(lines, expected);
    });
  }

  it("names the line of the step whose backward went wrong, in anomaly mode", () => {
    torch.autograd.detect_anomaly(() => {
      const y = leaf(-1).sqrt();
      assert.throws(
        () => y.backward(),
        (error: Error) => /autograd_rules|cjs/.test((error.cause as Error).stack!),
      );
    });
    assert.equal(torch.is_anomaly_enabled(), false);
  });

  it("walks a graph of 10⁶ steps without a stack overflow", () => {
    const x = leaf(0);
    let y: Tensor = x;
    for (let i = 0; i < 1e6; i++) y = y.neg();
    y.backward();
    assert.equal(String(x.grad), "tensor([1.])");
  }).timeout(20_000);
});
