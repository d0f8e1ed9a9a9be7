import assert from "node:assert/strict";
import { pythonRepr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import { refusal } from "./refusal";
import vectors from "./vectors/optim_options.json";

// Drawn from PyTorch by scripts/vectors/optim_options.py, which explains the layout.
type Settings = Record<string, unknown>;
type Optimizer = InstanceType<typeof torch.optim.Optimizer>;
type Scheduler = InstanceType<typeof torch.optim.lr_scheduler.LRScheduler>;
type Tensor = InstanceType<typeof torch.Tensor>;

interface Case {
  name: string;
  settings: Settings;
  groups: Settings[] | null;
  scheduler: [string, Settings] | null;
  "taken over at": number;
  steps: number[][];
  rates: number[][];
  printed: string;
  remembered: Record<string, string[]>;
  epochs: string[] | null;
  error?: string;
}

const METRICS = [1, 0.9, 0.95, 0.91, 0.92, 0.5, 0.6, 0.6, 0.6, 0.6];

function problem() {
  const dtype = { dtype: torch.float64 };
  const leaf = { ...dtype, requires_grad: true };
  const w = torch.tensor(
    [
      [0.5, -1.2],
      [2.0, 0.3],
      [-0.7, 1.1],
    ],
    leaf,
  );
  const b = torch.tensor([0.1, -0.2], leaf);
  const rows = [
    [1.0, 2.0, -1.0],
    [0.5, -1.5, 2.0],
    [-2.0, 0.3, 0.7],
    [1.2, 0.9, -0.4],
  ];
  const targets = [
    [1.0, -1.0],
    [0.5, 2.0],
    [-1.5, 0.0],
    [0.2, 0.8],
  ];
  const x = torch.tensor(rows, dtype);
  const y = torch.tensor(targets, dtype);
  return { w, b, loss: () => x.matmul(w).add(b).sub(y).pow(2).mean() };
}

function run(given: Case) {
  const { w, b, loss } = problem();
  const params = given.name === "Muon" ? [w] : [w, b];
  const Class = torch.optim[given.name as "SGD"] as new (params: unknown, settings: Settings) => Optimizer;
  const groups = () => given.groups && params.map((p, i) => ({ params: [p], ...given.groups![i] }));
  const make = () => new Class(groups() ?? params, given.settings);
  const schedule = (optimizer: Optimizer): Scheduler | null => {
    if (given.scheduler === null) return null;
    const [name, settings] = given.scheduler;
    const Kind = torch.optim.lr_scheduler[name as "StepLR"] as unknown as new (
      optimizer: Optimizer,
      settings: Settings,
    ) => Scheduler;
    return new Kind(optimizer, settings);
  };
  let optimizer = make();
  let scheduler = schedule(optimizer);
  const closure = () => {
    optimizer.zero_grad();
    const value = loss();
    value.backward();
    return value;
  };
  const steps: number[][] = [];
  const rates: number[][] = [];
  for (let i = 0; i < 10; i++) {
    if (i === given["taken over at"]) {
      const state = optimizer.state_dict();
      const epochs = scheduler?.state_dict();
      optimizer = make();
      scheduler = schedule(optimizer);
      optimizer.load_state_dict(state);
      scheduler?.load_state_dict(epochs!);
    }
    optimizer.step(closure);
    steps.push([w, b].flatMap((p: Tensor) => p.detach().reshape(-1).tolist() as number[]));
    if (scheduler === null) continue;
    scheduler.step(given.scheduler![0] === "ReduceLROnPlateau" ? METRICS[i] : undefined);
    const momenta = optimizer.param_groups.map((group) => group.momentum ?? group.betas?.[0] ?? 0);
    rates.push([...scheduler.get_last_lr(), ...momenta]);
  }
  return { steps, rates, optimizer, scheduler };
}

function assertClose(actual: number[][], expected: number[][], tolerance: number, what: string) {
  assert.equal(actual.length, expected.length);
  actual.forEach((row, i) => {
    row.forEach((value, k) => {
      const off = Math.abs(value - expected[i][k]);
      const allowed = tolerance * Math.max(1, Math.abs(expected[i][k]));
      assert.ok(off <= allowed, `${what} ${i + 1}: ${value}, not ${expected[i][k]}`);
    });
  });
}

describe("options of optimizers and schedulers together", () => {
  (vectors as unknown as Case[]).forEach((given, n) => {
    const { name, settings, groups, scheduler } = given;
    const parts = [settings, ...(groups ?? []), ...(scheduler ?? [])].map((part) => pythonRepr(part));
    it(`${n}: ${name} with ${parts.join(", ")} does as PyTorch`, () => {
      if (given.error !== undefined) {
        assert.equal(
          refusal(() => run(given)),
          given.error,
        );
        return;
      }
      const ours = run(given);
      // Muon computes in bfloat16; L-BFGS divides by differences of gradients, which magnifies the last bits.
      const tolerance = name === "Muon" ? 2e-3 : name === "LBFGS" ? 1e-6 : 1e-8;
      assertClose(ours.steps, given.steps, tolerance, "step");
      assertClose(ours.rates, given.rates, 1e-10, "epoch");
      assert.equal(String(ours.optimizer), given.printed);
      const { state } = ours.optimizer.state_dict();
      const remembered = [...state].map(([key, of]) => [String(key), Object.keys(of)]);
      assert.deepEqual(Object.fromEntries(remembered), given.remembered);
      assert.deepEqual(ours.scheduler && Object.keys(ours.scheduler.state_dict()), given.epochs);
    });
  });
});
