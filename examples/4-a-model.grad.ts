// Lesson 4: changing tensors in place, and a model of two layers.
import torch from "torch"
import nn from "torch/nn"

// Each line changes x1; its grad_fn is the last thing that happened to it.
let x1 = torch.arange(0, 5, 1, { dtype: torch.float32, requires_grad: true })
print("Initial x = ", x1)
x1 = x1 + 1
print("x + 1 = ", x1)
x1 *= 2
print("2*(x + 1)", x1)
x1 **= 2
print("pow(2(x+1), 2)", x1)
x1 /= 2
print("pow(2(x+1)/2, 2)", x1)

torch.manual_seed(0)
const BATCH_SIZE = 2
const DIM_IN = 7
const HIDDEN_SIZE = 4
const DIM_OUT = 2

// A model is a class with layers for fields and a forward that passes its input through them.
class TinyModel extends nn.Module {
  layer1 = new nn.Linear(DIM_IN, HIDDEN_SIZE)
  relu = new nn.ReLU()
  layer2 = new nn.Linear(HIDDEN_SIZE, DIM_OUT)

  forward(x: torch.Tensor) {
    x = this.layer1(x) // AddmmBackward0 is what a linear layer does: bias + input @ weight.T
    x = this.relu(x)
    x = this.layer2(x)
    return x
  }
}

const some_input = torch.randn(BATCH_SIZE, DIM_IN)
const ideal_output = torch.randn(BATCH_SIZE, DIM_OUT)
const loss_fn = new nn.L1Loss()
const model = new TinyModel()
const optimizer = new torch.optim.Adam(model.parameters())

// How far is what the untrained model says from what it should say?
const predicted_output = model(some_input)
const loss = loss_fn(predicted_output, ideal_output)
print(predicted_output)
print(loss)

// The weights of the first layer have no gradient yet …
print(model.layer1.weight)
print(model.layer1.weight.grad)

// … now they do. The first row is 0: that unit's ReLU was off for both inputs.
loss.backward()
print(model.layer1.weight.grad)

// Adam moves every weight that has a gradient by about 0.001, its learning rate, against its sign.
optimizer.step()
print(model.layer1.weight)
optimizer.zero_grad()
