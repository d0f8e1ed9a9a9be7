"""examples/9-transformer.grad.ts in PyTorch; what it prints is test/training/expected/transformer.txt."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(2)

text = """to be, or not to be, that is the question:
whether 'tis nobler in the mind to suffer
"""

alphabet = sorted(set(text))


def encode(letters):
    return torch.tensor([alphabet.index(letter) for letter in letters])


data = encode(text)
print(len(text), "letters,", len(alphabet), "different")

CONTEXT = 16
WIDTH = 32

mask = nn.Transformer.generate_square_subsequent_mask(CONTEXT)
print(mask[0:3, 0:3])


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.letter = nn.Embedding(len(alphabet), WIDTH)
        self.place = nn.Embedding(CONTEXT, WIDTH)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(WIDTH, 4, dim_feedforward=32, dropout=0, batch_first=True),
            2,
        )
        self.output = nn.Linear(WIDTH, len(alphabet))

    def forward(self, letters):
        length = letters.shape[1]
        x = self.letter(letters) + self.place(torch.arange(length))
        seen = self.encoder(x, mask=mask[:length, :length])
        return self.output(seen)


model = LanguageModel()
print(sum(weight.numel() for weight in model.parameters()), "weights")
optimizer = torch.optim.AdamW(model.parameters(), lr=0.007)

BATCH = 4
for step in range(90):
    starts = torch.randint(0, len(text) - CONTEXT, [BATCH])
    places = starts.unsqueeze(1) + torch.arange(CONTEXT)
    scores = model(data[places])
    loss = F.cross_entropy(scores.flatten(0, 1), data[places + 1].flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"step {step}: loss = {loss.item():.4f}")

with torch.no_grad():
    written = "whether"
    for _ in range(40):
        scores = model(encode(written[-CONTEXT:]).unsqueeze(0))
        written += alphabet[scores[0, -1].argmax().item()]
    print(written)
