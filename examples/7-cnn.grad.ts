// Example 7: a convolutional network. It tells upright bars from lying ones and from crosses.
import torch from "torch"
import nn from "torch/nn"
import F from "torch/nn/functional"

torch.manual_seed(0)

// The images are made here: 8 × 8 pixels of noise, with a line through a random row, column or both.
const SIZE = 8
const KINDS = 3 // 0: upright bar, 1: lying bar, 2: cross
const COUNT = 96

function make_images(count: number) {
  const labels = torch.arange(count) % KINDS
  const images = 0.2 * torch.randn(count, 1, SIZE, SIZE) // (image, channel, row, column)
  const rows = torch.randint(0, SIZE, [count])
  const columns = torch.randint(0, SIZE, [count])
  for (let i = 0; i < count; i++) {
    const kind = i % KINDS
    if (kind != 0) images[i, 0, rows[i].item()] += 1
    if (kind != 1) images[i, 0, ":", columns[i].item()] += 1
  }
  return { images, labels }
}

// A filter of 3 × 3 weights slides over the image and answers where it finds its pattern. Pooling
// keeps the strongest answer of each 2 × 2 block, so that a line may shift a little.
class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 4, 3, { padding: 1 }) // (N, 1, 8, 8) → (N, 4, 8, 8)
  pool = new nn.MaxPool2d(2) // halves rows and columns
  conv2 = new nn.Conv2d(4, 8, 3, { padding: 1 }) // (N, 4, 4, 4) → (N, 8, 4, 4)
  output = new nn.Linear(8 * 2 * 2, KINDS)

  forward(x: torch.Tensor) {
    x = this.pool(F.relu(this.conv1(x)))
    x = this.pool(F.relu(this.conv2(x)))
    return this.output(x.flatten(1))
  }
}

const train = make_images(COUNT)
const test = make_images(30)
print(train.images[2, 0].round({ decimals: 1 })) // a cross

const model = new Net()
print(model)
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.02 })

// An epoch goes through all images once, in a new order, 16 at a time: each batch is one step.
const BATCH = 16
let step = 0
for (let epoch = 0; epoch < 10; epoch++) {
  const order = torch.randperm(COUNT)
  for (const batch of order.split(BATCH)) {
    const loss = F.cross_entropy(model(train.images[batch]), train.labels[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(`step ${step}: loss = ${loss.item().toFixed(4)}`)
    step += 1
  }
}

// How often is it right about images it has never seen?
torch.no_grad(() => {
  const predicted = model(test.images).argmax(1)
  print(predicted)
  print(`right: ${predicted.eq(test.labels).sum()} of 30`)
})
