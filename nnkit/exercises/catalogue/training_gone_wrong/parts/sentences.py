"""What each symptom of a training program is told: one sentence for one thing that was seen."""

from nnkit.languages import marked

SENTENCES = {
    "form": "Two things are asked for, in this order: the loss of every step, and the scores after every epoch.",
    "exchanged": "Both are right, in each other's place. First the losses come back, then the scores.",
    "changed": (
        "Your program changes the caller's own arrays. Whoever looks at the data afterwards finds others. Make new "
        "arrays, and leave the old ones as they are."
    ),
    "one epoch": "Your program ends after its first epoch. How far is the line with `return` indented?",
    "number of steps": (
        "Your program does not ask the network about as many batches as the one that it mends. Epochs and batches were "
        "not at fault; they stay as they are."
    ),
    "size of batches": (
        "Your batches have other sizes than those of the program that it mends. The batches were not at fault; they "
        "stay as they are."
    ),
    "short batch": (
        "The last batch of an epoch, which has fewer images than the others, is left out, so that some images are not "
        "learned from in this epoch. The batches were not at fault."
    ),
    "epoch": "In an epoch of yours not every image comes exactly once. The batches were not at fault.",
    "copies learn": (
        "Your program trains a copy. The network that was given stays as it was, and whoever called the program has "
        "that one."
    ),
    "not finite": (
        "What reaches the network are no numbers any more. A pixel that is the same in all images has no spread, and "
        "0 divided by 0 is no number."
    ),
    "large inputs": (
        "The network still meets numbers that are far from the size of 1, in the batches or where new images are read. "
        "Nothing done to the steps can mend that: look at what goes into the network, at both places."
    ),
    "again": (
        "The same image reaches the network as other numbers in a later epoch. Is it scaled anew in each epoch, and "
        "what comes out scaled again in the next? Once, before the loop, is enough."
    ),
    "two scales": (
        "The same image reaches the network as different numbers, according to where it stands. What is done to the "
        "images of the training has to be done, with the same constants, to those that are read afterwards."
    ),
    "grey lost": (
        "Two images that differ arrive at the network as one and the same. Grey values were cut off or rounded away; "
        "only their scale was at fault."
    ),
    "brightness lost": (
        "Two images that differ in nothing but their brightness arrive at the network as one and the same. Is each "
        "image brought to a size by numbers of its own? One scale for all images keeps them apart."
    ),
    "new order": (
        "The new images are read in another order than they came in, so that row k of the scores no longer belongs to "
        "image k of X_new. The order that is drawn is for the training images."
    ),
    "other start": (
        "Your program changes the weights before the first step. The network is given as it is to start from; its "
        "weights were not at fault."
    ),
    "no step": (
        "The weights stay as they were: no step changes them. At the moment of `optimizer.step()`, is there a gradient "
        "in the parameters?"
    ),
    "few steps": (
        "After some batches no weight changes. Each batch has a step of its own: does `optimizer.step()` stand in the "
        "inner loop, and is there a gradient at that moment?"
    ),
    "another p": (
        "Dropout is to keep its p, in every step and while new images are read. What changes between the two is the "
        "mode."
    ),
    "dropout gone": (
        "Your network learns, at least in part, in use mode, where dropout does nothing. Each step belongs in training "
        "mode: in which mode is the network when the next epoch begins?"
    ),
    "nothing dropped": (
        "The network is in training mode and its dropout has its p, but drops nothing in your training. It is to work "
        "there as it did."
    ),
    "dropout in use": (
        "When new images are read, the network is still in training mode. If it has dropout, neurons then drop out at "
        "random: asked twice, it gives two answers, and a mean of several answers only blurs that."
    ),
    "outer mode": (
        "When new images are read, only the outermost module is in use mode. The layers inside have a `training` of "
        "their own, and dropout goes by that of its layer: neurons still drop out. `eval()` reaches all of them."
    ),
    "copy left behind": (
        "New images are read by a copy that does not have the network's weights of that moment. A copy stays as it was "
        "when it was made, whatever the network learns."
    ),
    "summed": (
        "The weights move along the sum of the gradients of this batch and of batches before it. `backward` adds to "
        "what is there. When is it taken away, and how often?"
    ),
    "summed in part": (
        "Some parameters move along the gradient of this batch, others along a sum with those of batches before it. "
        "`backward` adds to what is there, in every parameter. From which of them is it taken away?"
    ),
    "old gradients": (
        "Beside the gradient of its batch, a step of yours follows something of older ones. What is left of an old "
        "gradient when the next is added to it? Momentum keeps something of it, too, and was not asked for."
    ),
    "decay": (
        "A step of yours makes the weights themselves smaller, beside what the gradient does. Weight decay does that; "
        "it was not asked for."
    ),
    "labels": (
        "The loss gets labels that do not belong to the images of its batch: the step shows how many of each class "
        "there were. Which image does each label come from?"
    ),
    "off": (
        "At least one step is not what the program promises: rate times the gradient of the cross-entropy of this "
        "batch, every image with the label that belongs to it. Another loss does that, and so does another optimizer; "
        "neither was asked for."
    ),
    "rate varies": (
        "The steps have different rates, as a schedule makes them, or clipped gradients. One constant rate was asked "
        "for."
    ),
    "rate high": "The rate that your steps show is above a quarter of the program's. Think in powers of ten.",
    "rate low": "The rate that your steps show is below a fortieth of the program's. Think in powers of ten.",
    "another rate": "Your steps show another rate than the program had. The rate was not at fault here; it stays.",
    "not shuffled": (
        "The batches come in the order in which the images were given, or in that order backwards. Files are often "
        "sorted by class, as this one is, so that sorting by class gives that order, too. The shuffling was no fault "
        "and stays."
    ),
    "neighbours": (
        "Only the order of the batches is left to chance: each holds neighbours, and the same ones in every epoch. The "
        "program mixes the images themselves; the shuffling stays."
    ),
    "left together": (
        "Images that stand next to each other in the file share a batch far more often than in a random order. Another "
        "place to begin at, or a small shift of each image, leaves neighbours together, and in a sorted file they are "
        "of one class. The program takes any order with the same chance; that stays."
    ),
    "same order": "Every epoch has the same order. The program draws a new one for each epoch; the shuffling stays.",
    "not from rng": "The order of the images does not come from `rng`: your program draws nothing from it.",
    "number of scores": "After each epoch the new images are read once: there is one array of scores for each epoch.",
    "scores": (
        "Your scores are not what the network answers to the new images after each epoch: a row for each image, a "
        "number for each class."
    ),
    "probabilities": (
        "Your scores are the softmax of what the network answers. Asked for are its answers themselves: a row for each "
        "image, a number for each class."
    ),
    "labels for scores": (
        "Yours are labels, the places of the largest scores. Asked for are the scores themselves: a row for each "
        "image, a number for each class."
    ),
    "losses": "Your losses are not those of the steps: one number for each batch, met before the weights are moved.",
    "losses times a number": (
        "Your losses are those of the steps, all times one number. What is to come back is the mean cross-entropy of "
        "the batch itself."
    ),
    "losses times the batch": (
        "Your losses are those of the steps, each times the number of images in its batch. What is to come back is the "
        "mean, as the program had it, not the sum."
    ),
}

# What was at fault, for whoever changes the inputs of a program whose inputs were in order.
AT_FAULT = {
    "mended_b": marked("the rate"),
    "mended_c": marked("what lies in the gradients"),
    "mended_d": marked("which label belongs to which image"),
    "mended_e": marked("the mode in which new images are read"),
}
IN_ORDER = (
    "The images were in order in this program, and your program makes other numbers of them before they reach the "
    "network. Leave them as they come. At fault was {organ}: look there."
)
