"""examples/7-cnn.grad.ts in PyTorch; what it prints is test/training/expected/cnn.txt."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)

SIZE = 8
KINDS = 3
COUNT = 96


def make_images(count):
    labels = torch.arange(count) % KINDS
    images = 0.2 * torch.randn(count, 1, SIZE, SIZE)
    rows = torch.randint(0, SIZE, [count])
    columns = torch.randint(0, SIZE, [count])
    for i in range(count):
        kind = i % KINDS
        if kind != 0:
            images[i, 0, rows[i].item()] += 1
        if kind != 1:
            images[i, 0, :, columns[i].item()] += 1
    return images, labels


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(4, 8, 3, padding=1)
        self.output = nn.Linear(8 * 2 * 2, KINDS)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        return self.output(x.flatten(1))


train_images, train_labels = make_images(COUNT)
test_images, test_labels = make_images(30)
print(train_images[2, 0].round(decimals=1))

model = Net()
print(model)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

BATCH = 16
step = 0
for epoch in range(10):
    order = torch.randperm(COUNT)
    for batch in order.split(BATCH):
        loss = F.cross_entropy(model(train_images[batch]), train_labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"step {step}: loss = {loss.item():.4f}")
        step += 1

with torch.no_grad():
    predicted = model(test_images).argmax(1)
    print(predicted)
    print(f"right: {predicted.eq(test_labels).sum()} of 30")
