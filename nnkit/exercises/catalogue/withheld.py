"""What an answer may not call, because it is the answer: this library's functions, and their equals elsewhere.

A name is listened for once its module is loaded; a library that is not installed costs nothing. Each set stands here
once, whole, and exercises put the sets together.
"""

from __future__ import annotations

# What differentiates by itself: withheld where gradients are to be worked out by hand.
AUTOMATIC = (
    "nnkit.engine.Tensor.backward",
    "nnkit.engine.walk",
    "nnkit.gradient_check.gradcheck",
    "torch.Tensor.backward",
    "torch.autograd.backward",
    "torch.autograd.grad",
    "torch.func.grad",
    "jax.grad",
    "jax.value_and_grad",
    "autograd.grad",
)
# What takes differences by itself.
NUMERICAL = (
    "scipy.optimize.approx_fprime",
    "scipy.optimize._numdiff.approx_derivative",
    "scipy.differentiate.derivative",
    "scipy.differentiate.jacobian",
    "numdifftools.Gradient",
    "numdifftools.Derivative",
)
# A gradient that is worked out by hand is found by neither.
DERIVATIVES = (*AUTOMATIC, *NUMERICAL)
# In the notebook where readers write it, nor by their own `numerical_gradient`.
BY_HAND = ("numerical_gradient", *DERIVATIVES)

CROSS_ENTROPY = (
    "nnkit.functional.cross_entropy",
    "nnkit.functional.nll_loss",
    "nnkit.functional.softmax",
    "nnkit.functional.log_softmax",
    "nnkit.engine.Tensor.softmax",
    "nnkit.engine.Tensor.log_softmax",
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.nn.functional.softmax",
    "torch.nn.functional.log_softmax",
    "scipy.special.softmax",
    "scipy.special.log_softmax",
    "sklearn.metrics.log_loss",
    "jax.nn.softmax",
    "jax.nn.log_softmax",
)
HINGE = (
    "nnkit.functional.multi_margin_loss",
    "torch.nn.functional.multi_margin_loss",
    "sklearn.metrics.hinge_loss",
)
SIGMOID = (
    "nnkit.engine.Tensor.sigmoid",
    "nnkit.functional.sigmoid",
    "nnkit.nn.layers.Sigmoid.forward",
    "torch.sigmoid",
    "torch.Tensor.sigmoid",
    "torch.nn.functional.sigmoid",
    "scipy.special.expit",
)
LINEAR = ("nnkit.functional.linear", "nnkit.nn.layers.Linear.forward", "torch.nn.functional.linear")
DROPOUT = ("nnkit.functional.dropout", "torch.nn.functional.dropout")
CONVOLUTION = (
    "nnkit.functional.conv2d",
    "nnkit.functional.conv2d_",
    "nnkit.nn.layers.Conv2d.forward",
    "nnkit.draw.kernels.walk",
    "torch.conv2d",
    "torch.nn.functional.conv2d",
    "scipy.signal.convolve",
    "scipy.signal.convolve2d",
    "scipy.signal.correlate",
    "scipy.signal.correlate2d",
    "scipy.signal.fftconvolve",
    "scipy.signal.oaconvolve",
    "scipy.ndimage.convolve",
    "scipy.ndimage.correlate",
    "cv2.filter2D",
    "jax.lax.conv_general_dilated",
    "jax.scipy.signal.convolve2d",
    "jax.scipy.signal.correlate2d",
)
CONVOLUTION_BACKWARD = (
    "nnkit.functional.conv2d_",
    "torch.nn.grad.conv2d_input",
    "torch.nn.grad.conv2d_weight",
    "torch.ops.aten.convolution_backward",
    "torch.nn.functional.conv_transpose2d",
)
OUTPUT_SIZE = ("nnkit.draw.kernels.result_size",)
UNFOLDING = ("torch.nn.functional.unfold", "torch.nn.modules.fold.Unfold.forward")
STANDARDIZING = ("nnkit.functional.batch_norm", "sklearn.preprocessing.StandardScaler", "scipy.stats.zscore")
BATCHES = ("nnkit.data.loader.DataLoader", "torch.utils.data.dataloader.DataLoader")
OPTIMIZERS = (
    "nnkit.optim.optimizers.Optimizer.step",
    "torch.optim.optimizer.Optimizer.step",
    "torch.optim.sgd.SGD.step",
    "torch.optim.rmsprop.RMSprop.step",
    "torch.optim.adam.Adam.step",
    "scipy.optimize.minimize",
    "scipy.optimize._minimize.minimize",
)
SORTING = ("graphlib.TopologicalSorter", "networkx.topological_sort", "networkx.algorithms.dag.topological_sort")
# Under every layer nn.RNN lies the one function `rnn`.
RECURRENT = ("nnkit.nn.recurrent.rnn", "torch.nn.modules.rnn.RNN.forward", "torch.nn.modules.rnn.RNNCell.forward")
CLIPPING = ("nnkit.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad.clip_grad_norm_")
ROTATIONS = (
    "scipy.spatial.transform.Rotation",
    "scipy.spatial.transform._rotation.Rotation",
    "pyquaternion.Quaternion",
    "transforms3d.quaternions.quat2mat",
)
ROTATION_ANGLE = ("nnkit.draw.rotations.angle",)
NEAREST_ROTATION = (
    "nnkit.functional.project_so3",
    "nnkit.functional.project_so3_",
    "scipy.linalg.polar",
    "scipy.linalg.orthogonal_procrustes",
    "roma.special_procrustes",
)
ONE_HOT = (
    "nnkit.functional.one_hot",
    "torch.nn.functional.one_hot",
    "jax.nn.one_hot",
    "sklearn.preprocessing.OneHotEncoder",
    "sklearn.preprocessing.LabelBinarizer",
    "sklearn.preprocessing.label_binarize",
)
ACCURACY = ("nnkit.training.accuracy", "nnkit.training.evaluate", "sklearn.metrics.accuracy_score")
CONFUSION = ("sklearn.metrics.confusion_matrix", "pandas.crosstab")
FOLDS = (
    "nnkit.training.k_fold",
    "sklearn.model_selection.KFold",
    "sklearn.model_selection.StratifiedKFold",
    "sklearn.model_selection.cross_val_score",
)
TRAINING = ("nnkit.training.fit",)
PARAMETERS = (
    "nnkit.nn.module.Module.parameters",
    "nnkit.nn.module.Module.named_parameters",
    "nnkit.nn.summary.summary",
    "torch.nn.modules.module.Module.parameters",
)
