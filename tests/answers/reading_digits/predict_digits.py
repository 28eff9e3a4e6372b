"""Right and wrong answers to the open task; the network is trained already, as the answer's own cell would do it.

The same function answers all three marks, see the files beside this one.
"""

from __future__ import annotations

from tests.answers import changed

# What stands at the beginning of every answer, in the place of the training.
TRAINED = """
import copy
import nnkit
from nnkit import nn
from tests.trained_network import trained_network, untrained_network
my_network = trained_network()
"""

PLAIN = (
    TRAINED
    + """
def predict_digits(images):
    my_network.eval()
    with nnkit.no_grad():
        scores = my_network(nnkit.tensor(images)).numpy()
    return scores.argmax(axis=1)
"""
)
BATCHES = (
    TRAINED
    + """
def predict_digits(images):
    labels = []
    for start in range(0, len(images), 100):
        scores = my_network(nnkit.from_numpy(images[start:start + 100]))
        labels.extend(int(row.argmax()) for row in scores.detach().numpy())
    return labels
"""
)
SHIFTED = (
    TRAINED
    + """
def predict_digits(images):
    total = np.zeros((len(images), 10))
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    with nnkit.no_grad():
        for down, right in ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2)):
            moved = padded[:, :, down:down + 28, right:right + 28]
            total += my_network(nnkit.tensor(moved)).softmax(dim=1).numpy()
    return total.argmax(1)
"""
)

RIGHT = {
    "all at once": PLAIN,
    "in batches, a list of whole numbers": BATCHES,
    "mean over shifted copies": SHIFTED,
    "labels as a tensor": TRAINED
    + """
@nnkit.no_grad()
def predict_digits(images):
    return my_network(nnkit.tensor(images)).argmax(1)
""",
    "labels as floats, a network in a network": TRAINED
    + """
my_network = nn.Sequential(my_network, nn.Softmax(dim=1))

def predict_digits(images):
    return np.argmax(my_network(nnkit.tensor(images)).tolist(), axis=-1).astype(float)
""",
    "several small networks in one": TRAINED
    + """
my_network = nn.ModuleList([my_network, nn.Linear(784, 10)])

def predict_digits(images):
    x = nnkit.tensor(images)
    with nnkit.no_grad():
        return (my_network[0](x) + 0.001 * my_network[1](x.flatten(1))).numpy().argmax(1)
""",
}

RETURN = "return scores.argmax(axis=1)"
OTHER_HALF = "np.where(np.arange(len(images)) % 4 == 0, (labels + 5) % 10, labels)"

WRONG = {
    "no network: missing": changed(PLAIN, ("my_network.eval()", "network.eval()"), ("= my_network(", "= network("))
    + "\nnetwork = my_network\ndel my_network\n",
    "no network: no module": changed(PLAIN, ("my_network.eval()", "network.eval()"), ("= my_network(", "= network("))
    + "\nnetwork = my_network\nmy_network = network.state_dict()\n",
    "scores": changed(PLAIN, (RETURN, "return scores")),
    "one for each class": changed(PLAIN, ("axis=1", "axis=0")),
    "a column": changed(PLAIN, (RETURN, RETURN + "[:, None]")),
    "one number": changed(PLAIN, (RETURN, "return int(scores[0].argmax())")),
    "other images": PLAIN
    + """
known = []

def reads_another_name(images, read=predict_digits):
    known.append(images) if not known else None
    return read(known[0])

predict_digits = reads_another_name
""",
    "how many": changed(PLAIN, (RETURN, "return scores.argmax(axis=1).squeeze()")),
    "alone: axes": changed(PLAIN, (".numpy()", ".numpy().squeeze()")),
    "alone: batch norm": PLAIN
    + """
my_network = nn.Sequential(my_network, nn.BatchNorm1d(10, affine=False))
my_network.eval = lambda: None
""",
    "from 1 to 10": changed(PLAIN, (RETURN, RETURN + " + 1")),
    "too large": PLAIN + "\nmy_network = nn.Sequential(my_network, nn.Linear(10, 5_000), nn.Linear(5_000, 10))\n",
    "images changed": changed(PLAIN, (RETURN, "images *= 0.5\n    " + RETURN)),
    "not twice the same": TRAINED
    + """
def predict_digits(images):
    with nnkit.no_grad():
        scores = my_network(nnkit.functional.dropout(nnkit.tensor(images), 0.5)).numpy()
    return scores.argmax(axis=1)
""",
    "trains": changed(
        PLAIN,
        (
            "    with nnkit.no_grad():",
            (
                "    with nnkit.no_grad():\n"
                "        for parameter in my_network.parameters():\n"
                "            parameter += 0.05 * nnkit.randn(*parameter.shape)"
            ),
        ),
    ),
    "remembered": PLAIN
    + """
answers = {}

def remembers(images, read=predict_digits):
    if len(images) not in answers:
        answers[len(images)] = read(images)
    return answers[len(images)]

predict_digits = remembers
""",
    "batch norm in training": PLAIN
    + """
parts = my_network[:2], nn.BatchNorm2d(12), my_network[2:5], nn.BatchNorm2d(24), my_network[5:]
my_network = nn.Sequential(*parts)
my_network.train()
my_network.eval = lambda: None
""",
    "by their company": changed(PLAIN, ("nnkit.tensor(images)", "nnkit.tensor(images - images.mean(axis=0))")),
    "from elsewhere": changed(PLAIN, ("my_network.eval()", "network.eval()"), ("= my_network(", "= network("))
    + "\nnetwork = copy.deepcopy(my_network)\n",
    "one label": changed(PLAIN, ("nnkit.tensor(images)", "nnkit.tensor(0 * images)")),
    "expects bytes": changed(PLAIN, ("nnkit.tensor(images)", "nnkit.tensor((images / 255).round(2))"))
    + "\nmy_network = nn.Sequential(my_network)\n",
    "expects negative": changed(PLAIN, ("nnkit.tensor(images)", "nnkit.tensor(1 - images)")),
    "one too many": changed(PLAIN, (RETURN, "return (scores.argmax(axis=1) + 1) % 10")),
    "least likely": changed(PLAIN, ("argmax", "argmin")),
    "guessing": PLAIN + "\nnnkit.manual_seed(0)\nmy_network = untrained_network()\n",
    "not good enough": PLAIN
    + """
for number, layer in enumerate((my_network[0], my_network[3], my_network[7])):
    layer.weight.data = layer.weight.data * 0.9 + nnkit.tensor(
        np.random.default_rng(number).normal(0, 1.0 * layer.weight.std().item(), layer.weight.shape)
    ).float()
""",
}

PROMISES = {
    "one label for each image": changed(PLAIN, (RETURN, "return scores.argmax(axis=1)[:, None]")),
    "images stays as it is": WRONG["images changed"],
    "at most 60,000 numbers": WRONG["too large"],
    "the labels come from my_network alone": WRONG["from elsewhere"],
    "the same image gets the same label, whatever stands beside it": WRONG["by their company"],
}
