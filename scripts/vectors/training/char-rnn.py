"""examples/8-char-rnn.grad.ts in PyTorch; what it prints is test/training/expected/char-rnn.txt."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)

text = """twinkle, twinkle, little star,
how i wonder what you are!
up above the world so high,
like a diamond in the sky.
"""

alphabet = sorted(set(text))


def encode(letters):
    return torch.tensor([alphabet.index(letter) for letter in letters])


data = encode(text)
print(len(text), "letters,", len(alphabet), "different")

HIDDEN = 32


class CharRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(alphabet), 16)
        self.rnn = nn.RNN(16, HIDDEN, batch_first=True)
        self.output = nn.Linear(HIDDEN, len(alphabet))

    def forward(self, letters, hidden=None):
        states, last = self.rnn(self.embedding(letters), hidden)
        return self.output(states), last


model = CharRNN()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

LENGTH = 16
BATCH = 8
for step in range(100):
    starts = torch.randint(0, len(text) - LENGTH, [BATCH])
    places = starts.unsqueeze(1) + torch.arange(LENGTH)
    scores, _ = model(data[places])
    loss = F.cross_entropy(scores.flatten(0, 1), data[places + 1].flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1)
    optimizer.step()
    print(f"step {step}: loss = {loss.item():.4f}")

with torch.no_grad():
    written = "twinkle"
    scores, hidden = model(encode(written).unsqueeze(0))
    for _ in range(40):
        next = scores[0, -1].argmax()
        written += alphabet[next.item()]
        scores, hidden = model(next.view(1, 1), hidden)
    print(written)
